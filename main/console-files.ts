/** `app://console/…`: the renderer's files, map tiles and map files, and nothing else. */
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { Readable } from 'node:stream'
import type { Id } from '../contract/primitives.ts'
import { ORIGIN, originOf } from './origin.ts'

export interface ConsoleFiles {
  /** The built renderer. */
  readonly folder: string
  /** The tile that a path names: basemap, layer, z, x, y. */
  tile(path: readonly string[]): Promise<Response>
  /** The file of a basemap on this seat's disk. */
  fileOf(basemap: Id): string | undefined
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

export async function answerConsole(request: Request, files: ConsoleFiles): Promise<Response> {
  const path = originOf(request.url) === ORIGIN ? pathOf(request.url) : undefined
  if (path === undefined || request.method !== 'GET') return new Response(null, { status: 403 })
  const range = request.headers.get('range')
  const [first, ...rest] = path
  if (first === 'tiles') return files.tile(rest)
  if (first === 'map-files') return fileResponse(files.fileOf(rest.join('/')), range)
  const file = join(files.folder, ...path)
  if (!file.startsWith(files.folder + sep)) return new Response(null, { status: 403 })
  return extname(file) === '.html' ? pageResponse(file) : fileResponse(file, range)
}

/** The decoded parts of an address's path; undefined if it is not written as an address must be. */
function pathOf(url: string): string[] | undefined {
  try {
    return new URL(url).pathname.slice(1).split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
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

async function fileResponse(file: string | undefined, range: string | null): Promise<Response> {
  const size = file === undefined ? undefined : await sizeOf(file)
  if (file === undefined || size === undefined) return new Response(null, { status: 404 })
  const headers = {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
  }
  const part = partOf(size, range)
  if (part === undefined)
    return new Response(streamOf(file, 0, size - 1), {
      headers: { ...headers, 'content-length': String(size) },
    })
  const { start, end } = part
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

/**
 * The bytes asked for, as RFC 9110 section 14 has them, one range at a time; one that ends before it starts can't be
 * had. Undefined for the whole file: nothing was asked for, or nothing that the RFC knows.
 */
function partOf(size: number, range: string | null): { start: number; end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (first === '')
    return last === '' ? undefined : { start: Math.max(0, size - Number(last)), end: size - 1 }
  if (last !== '' && Number(last) < Number(first)) return undefined
  return { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}

const streamOf = (file: string, start: number, end: number): ReadableStream | null =>
  end < start ? null : (Readable.toWeb(createReadStream(file, { start, end })) as ReadableStream)

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined)
  return found?.isFile() ? found.size : undefined
}
