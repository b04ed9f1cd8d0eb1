/** `app://console/…`: the renderer's files, map tiles and map files, and nothing else. */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { Readable } from 'node:stream'
import { protocol } from 'electron'
import type { MapSources } from './map-sources.ts'

export const ORIGIN = 'app://console'
export const CONSOLE_URL = `${ORIGIN}/index.html`

/** Must be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ])
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.geojson': 'application/geo+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.pmtiles': 'application/octet-stream',
}

/** Inline styles are made at run time by the component library, which shows this page's nonce. */
const contentPolicy = (nonce: string): string =>
  [
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
  ].join('; ')

const NONCE = '%NONCE%'

/** `folder` holds the built renderer. */
export function serveConsole(folder: string, maps: MapSources): void {
  protocol.handle('app', async (request) => {
    const url = new URL(request.url)
    if (url.host !== 'console' || request.method !== 'GET') return new Response(null, { status: 403 })
    const [first = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent)
    if (first === 'tiles') return maps.tile(rest)
    if (first === 'map-files') return fileResponse(maps.fileOf(rest[0] ?? ''), request.headers.get('range'))
    const file = normalize(join(folder, first, ...rest))
    if (!file.startsWith(folder + sep)) return new Response(null, { status: 403 })
    return extname(file) === '.html' ? pageResponse(file) : fileResponse(file, request.headers.get('range'))
  })
}

async function pageResponse(file: string): Promise<Response> {
  const page = await readFile(file, 'utf8').catch(() => undefined)
  if (page === undefined) return new Response(null, { status: 404 })
  const nonce = randomBytes(16).toString('base64')
  return new Response(page.replaceAll(NONCE, nonce), {
    headers: {
      'content-type': types['.html'] ?? '',
      'content-security-policy': contentPolicy(nonce),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}

/** Byte ranges as RFC 9110 section 14 has them, one at a time. */
async function fileResponse(file: string | undefined, range: string | null): Promise<Response> {
  const size = file === undefined ? undefined : await sizeOf(file)
  if (file === undefined || size === undefined) return new Response(null, { status: 404 })
  const headers = {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
  }
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  if (asked === null || (asked[1] === '' && asked[2] === ''))
    return new Response(streamOf(file), { headers: { ...headers, 'content-length': String(size) } })
  const start = asked[1] === '' ? Math.max(0, size - Number(asked[2])) : Number(asked[1])
  const end = asked[1] === '' || asked[2] === '' ? size - 1 : Math.min(Number(asked[2]), size - 1)
  if (start > end) return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } })
  return new Response(streamOf(file, start, end), {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/${size}`,
    },
  })
}

const streamOf = (file: string, start?: number, end?: number): ReadableStream =>
  Readable.toWeb(
    createReadStream(file, { ...(start !== undefined && { start }), ...(end !== undefined && { end }) }),
  ) as ReadableStream

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined)
  return found?.isFile() ? found.size : undefined
}
