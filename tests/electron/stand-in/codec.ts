/** The page's codec, for Node: the very same source, so that both sides agree. */
import { readFileSync } from 'node:fs'
import { runInThisContext } from 'node:vm'

export interface Codec {
  encode(value: unknown): string
  decode(text: string): unknown
}

export const codecSource = readFileSync(new URL('./codec.js', import.meta.url), 'utf8')

export const codec = runInThisContext(`${codecSource};standInCodec`) as Codec
