import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-options-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('what the console was started with', () => {
  it('is its own hub, the demonstration site and the simulated city when nothing is said', () => {
    expect(readOptions([])).toEqual({ hub: undefined, site: undefined, lab: true, labSpeed: 1 })
  })

  it('may be a hub elsewhere and the certificates to trust for it', () => {
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, 'PEM')
    expect(readOptions(['--hub', 'wss://hub.test:8443/', '--ca', ca]).hub).toEqual({
      url: 'wss://hub.test:8443/',
      embedded: false,
      ca: 'PEM',
    })
    expect(readOptions(['--hub=ws://127.0.0.1:1']).hub).toEqual({ url: 'ws://127.0.0.1:1', embedded: false })
  })

  it.each(['https://hub.test', 'hub.test', ''])('can’t be a hub at "%s"', (url) => {
    expect(() => readOptions([`--hub=${url}`])).toThrow(`--hub ${url} is not the address of a hub`)
  })

  it('can’t be certificates that are not there', () => {
    const ca = join(folder, 'nowhere.pem')
    expect(() => readOptions(['--hub=wss://hub.test', `--ca=${ca}`])).toThrow(`--ca ${ca} can't be read`)
  })

  it('may be a site of one’s own, which no simulated unit enters unasked', () => {
    expect(readOptions(['--site=site.yaml'])).toMatchObject({ site: resolve('site.yaml'), lab: false })
    expect(readOptions(['--site=site.yaml', '--lab'])).toMatchObject({ lab: true })
  })

  it('may be the demonstration site without its city', () => {
    expect(readOptions(['--no-lab'])).toMatchObject({ lab: false })
    expect(readOptions(['--lab', '--no-lab'])).toMatchObject({ lab: false })
  })

  it('leaves Electron’s and Chromium’s own arguments alone', () => {
    const argv = [
      '.',
      '--remote-debugging-port=0',
      '--inspect',
      '--hub',
      'wss://hub.test',
      'watchfloor://x',
      '-psn_0',
    ]
    expect(readOptions(argv).hub?.url).toBe('wss://hub.test')
  })
})
