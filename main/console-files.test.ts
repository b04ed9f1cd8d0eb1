import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerConsole, type ConsoleFiles } from './console-files.ts'

let outside: string
let files: ConsoleFiles
const asked: (readonly string[])[] = []

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'watchfloor-files-'))
  const folder = join(outside, 'renderer')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  mkdirSync(join(outside, 'renderer-secrets'))
  writeFileSync(join(folder, 'index.html'), '<meta nonce="%NONCE%"><style nonce="%NONCE%"></style>')
  writeFileSync(join(folder, 'assets/app.js'), 'abcdef')
  writeFileSync(join(folder, 'assets/empty.json'), '')
  writeFileSync(join(outside, 'secret.txt'), 'secret')
  writeFileSync(join(outside, 'renderer-secrets/secret.txt'), 'secret')
  writeFileSync(join(outside, 'map.geojson'), '{"type":"FeatureCollection"}')
  symlinkSync(folder, join(outside, 'link'))
  files = {
    folder,
    fileOf: (basemap) => (basemap === 'file-1' ? join(outside, 'map.geojson') : undefined),
    tile: async (path) => {
      asked.push(path)
      return new Response('tile')
    },
  }
})
afterAll(() => rmSync(outside, { recursive: true }))

const get = (path: string, init: RequestInit = {}) =>
  answerConsole(new Request(path.startsWith('/') ? `app://console${path}` : path, init), files)
const range = (bytes: string, path = '/assets/app.js') => get(path, { headers: { range: bytes } })

describe('the console’s page', () => {
  it('may run its own scripts and nothing else', async () => {
    const { headers } = await get('/index.html')
    const policy = headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1]
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "media-src 'self' blob: mediastream:",
      "worker-src 'self' blob:",
      "frame-ancestors 'none'",
      "form-action 'none'",
      "base-uri 'none'",
    ])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('knows a nonce of its own each time it is served, and is not kept', async () => {
    const [one, two] = await Promise.all([get('/index.html'), get('/index.html')])
    const nonceOf = (answer: Response) =>
      /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1]
    expect(nonceOf(one)).not.toBe(nonceOf(two))
    const nonce = nonceOf(one)
    expect(await one.text()).toBe(`<meta nonce="${nonce}"><style nonce="${nonce}"></style>`)
    expect(one.headers.get('cache-control')).toBe('no-store')
  })
})

describe('a file', () => {
  it('is served as what it is', async () => {
    const answer = await get('/assets/app.js?v=1#x')
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      'abcdef',
    ])
    expect(
      await get('/assets/empty.json').then((empty) => [empty.status, empty.headers.get('content-length')]),
    ).toEqual([200, '0'])
  })

  it.each([
    ['bytes=0-2', 'abc', 'bytes 0-2/6'],
    ['bytes=4-', 'ef', 'bytes 4-5/6'],
    ['bytes=-2', 'ef', 'bytes 4-5/6'],
    ['bytes=-100', 'abcdef', 'bytes 0-5/6'],
    ['bytes=2-100', 'cdef', 'bytes 2-5/6'],
    ['bytes=5-5', 'f', 'bytes 5-5/6'],
  ])('is served in parts: %s', async (bytes, text, place) => {
    const answer = await range(bytes)
    expect([answer.status, answer.headers.get('content-range'), await answer.text()]).toEqual([
      206,
      place,
      text,
    ])
  })

  it.each(['bytes=6-', 'bytes=100-200', 'bytes=-0'])('has no such part: %s', async (bytes) => {
    const answer = await range(bytes)
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */6'])
    expect((await range('bytes=0-', '/assets/empty.json')).status).toBe(416)
  })

  it.each(['bytes=3-1', 'bytes=0-1,3-4', 'bytes=-', 'lines=1-2', 'bytes=a-b'])(
    'is served whole for what is no range: %s',
    async (bytes) => {
      const answer = await range(bytes)
      expect([answer.status, await answer.text()]).toEqual([200, 'abcdef'])
    },
  )

  it.each(['/', '/assets', '/nowhere.js', '/nowhere.html', '/assets/app.js/', '/assets/app.js%00.html'])(
    'that is none is not found: %s',
    async (path) => {
      expect((await get(path)).status).toBeGreaterThanOrEqual(403)
    },
  )
})

describe('what is outside the folder', () => {
  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..%2frenderer-secrets%2fsecret.txt',
    '/%2e%2e%5csecret.txt',
    '//secret.txt',
    '/%252e%252e/secret.txt',
    '/map-files/..%2f..%2fsecret.txt',
    '/map-files/file-1/../../../secret.txt',
  ])('is not served: %s', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBeGreaterThanOrEqual(403)
    expect(await answer.text()).not.toContain('secret')
  })

  it('is not served by its full name either', async () => {
    const answer = await get(`/${encodeURIComponent(join(outside, 'secret.txt'))}`)
    expect(answer.status).toBeGreaterThanOrEqual(403)
  })

  it('is refused for addresses that are written wrongly', async () => {
    expect((await get('/%E0%A4%A')).status).toBe(403)
  })
})

describe('who else asks', () => {
  it.each(['app://evil/index.html', 'app://console.evil/index.html', 'app://console:1/index.html'])(
    'gets nothing: %s',
    async (url) => {
      expect((await get(url)).status).toBe(403)
    },
  )

  it('gets nothing by another method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])
      expect((await get('/index.html', { method })).status).toBe(403)
  })
})

describe('the map', () => {
  it('gets tiles by their path', async () => {
    expect(await (await get('/tiles/streets/0/11/1700/830')).text()).toBe('tile')
    expect(asked.at(-1)).toEqual(['streets', '0', '11', '1700', '830'])
  })

  it('gets the files that the seat names, in parts if it likes', async () => {
    expect((await get('/map-files/file-1')).headers.get('content-type')).toBe('application/geo+json')
    expect(await (await range('bytes=2-5', '/map-files/file-1?.pmtiles')).text()).toBe('type')
  })

  it.each(['file-2', 'file-1/x', 'constructor', ''])('gets no other file: "%s"', async (name) => {
    expect((await get(`/map-files/${name}`)).status).toBeGreaterThanOrEqual(403)
  })
})
