/** The pages' codec, for Node: the very same source, so that both sides agree. */
import { readFileSync } from 'node:fs'
import './clone.js'

export interface Codec {
  /** Throws Electron's error for what can't be cloned. */
  encode(value: unknown): string
  decode(text: string): unknown
}

export const { standInCodec: codec } = globalThis as typeof globalThis & { standInCodec: Codec }

export const codecSource = readFileSync(new URL('./clone.js', import.meta.url), 'utf8')
