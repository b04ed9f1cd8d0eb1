/** The page for phones in the field, as it was built: a few files, read once, and nothing else. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { FIELD_PATH } from '../../contract/field.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
}

/** Scripts and styles are the page's own; it talks to this hub and to nobody else. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'",
  'permissions-policy': 'geolocation=(self), camera=(self), microphone=(self)',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
}

/** `folder`: where the page was built. Where it was not, whoever asks is told so. */
export async function serveFieldPage(http: FastifyInstance, folder: string): Promise<void> {
  const files = new Map<string, { readonly type: string; readonly bytes: Buffer }>()
  for (const name of await readdir(folder).catch(() => [])) {
    const type = types[extname(name)]
    if (type !== undefined) files.set(name, { type, bytes: await readFile(join(folder, name)) })
  }
  http.get(FIELD_PATH, (_request, reply) => reply.redirect(`${FIELD_PATH}/`))
  http.get<{ Params: { '*': string } }>(`${FIELD_PATH}/*`, (request, reply) => {
    const file = files.get(request.params['*'] || 'index.html')
    if (file !== undefined) return reply.headers(headers).type(file.type).send(file.bytes)
    if (files.size > 0) return reply.code(404).send('not found\n')
    return reply.code(503).send('the page for the field was not built here: run "npm start" once\n')
  })
}
