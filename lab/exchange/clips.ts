/** Spoken sentences, as lab/make-clips.ts made them. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What is said, by name: mu-law, 8 kHz. The name says by whom: `unit-…`, `citizen-…` or, on the radio only, `radio-…`; and in which language. */
export type Clips = ReadonlyMap<string, Uint8Array>

export async function readClips(folder: string): Promise<Clips> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ulaw')).sort()
  const read = files.map(
    async (file) => [file.slice(0, -'.ulaw'.length), await readFile(join(folder, file))] as const,
  )
  return new Map(await Promise.all(read))
}
