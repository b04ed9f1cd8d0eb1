import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { runProgram } from '../../tests/support/processes.ts'

const module = new URL('video-worker.mjs', import.meta.url).href
const folderOf = (path: string) => dirname(fileURLToPath(new URL(path, import.meta.url)))

/** What `videoWorker()` gives, or the words it fails with, in a process of its own with this cache. */
const obtain = async (cache: string, env: Record<string, string>): Promise<string> => {
  const said = await runProgram(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { videoWorker } from ${JSON.stringify(module)}
       console.log('>' + await videoWorker().catch((error) => error.message))`,
    ],
    { env: { PATH: process.env.PATH, XDG_CACHE_HOME: cache, ...env }, cwd: folderOf('.') },
  )
  return said.split('>').at(-1)?.trim() ?? ''
}

/** A program that ends as the worker does when it is called by hand, and no worker otherwise. */
function standInWorker(folder: string, status = 41): string {
  const binary = join(folder, 'mediasoup-worker')
  writeFileSync(binary, `#!/bin/sh\nexit ${status}\n`)
  chmodSync(binary, 0o755)
  return binary
}

describe('the video worker', () => {
  it('is the one that is named', async () => {
    const binary = standInWorker(temporaryFolder(onTestFinished))
    expect(await obtain(temporaryFolder(onTestFinished), { MEDIASOUP_WORKER_BIN: binary })).toBe(binary)
  })

  it('is refused with words if what is named does not run', async () => {
    const cache = temporaryFolder(onTestFinished)
    const broken = standInWorker(temporaryFolder(onTestFinished), 1)
    for (const named of [broken, join(cache, 'nothing')])
      expect(await obtain(cache, { MEDIASOUP_WORKER_BIN: named })).toBe(
        `MEDIASOUP_WORKER_BIN names ${named}, which is not a video worker that runs here`,
      )
  })

  it('is downloaded once, and then at hand', async () => {
    const folder = temporaryFolder(onTestFinished)
    standInWorker(folder)
    const packed = execFileSync('tar', ['-cz', '-C', folder, 'mediasoup-worker'])
    const asked: string[] = []
    const releases = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.end(packed)
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void releases.close())
    await new Promise((resolve) => releases.once('listening', resolve))
    const { port } = releases.address() as AddressInfo
    const env = { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: `http://127.0.0.1:${port}` }
    const cache = temporaryFolder(onTestFinished)
    const binary = await obtain(cache, env)
    expect(binary).toMatch(/video-worker-[\d.]+-linux-\w+-[0-9a-f]{8}\/mediasoup-worker$/)
    expect(await obtain(cache, env)).toBe(binary)
    expect(asked).toEqual([
      expect.stringMatching(/^\/(\d+\.\d+\.\d+)\/mediasoup-worker-\1-linux-\w+-kernel\d+\.tgz$/),
    ])
  })
})
