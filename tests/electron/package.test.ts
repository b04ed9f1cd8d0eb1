/** What goes into a package of the console: packaged around stubs of Electron, without a network. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

describe('the packages for Linux, Windows and macOS', () => {
  it('hold the console and nothing else, with integrity and fuses', async () => {
    const check = spawn(process.execPath, [join(root, 'scripts/package-check.mjs')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A proxy that is none: whoever asks the network fails at once.
      env: { ...process.env, HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' },
    })
    const [said, complained, [code]] = await Promise.all([
      text(check.stdout),
      text(check.stderr),
      once(check, 'close'),
    ])
    expect(
      said.split('\n').filter((line) => line.startsWith('WRONG')),
      complained,
    ).toEqual([])
    for (const system of ['linux', 'win', 'mac']) expect(said).toContain(`\n${system}\nok `)
    expect([code, said.trim().split('\n').at(-1)]).toEqual([0, 'The packages are as they should be.'])
  })
})
