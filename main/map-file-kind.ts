/** What kind of map a file on disk is, judged by what is in it. */
import { open, readFile, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { Refusal } from '../contract/refusal.ts'

const LARGEST_GEOJSON = 64 * 1024 * 1024
/** The first bytes of a PMTiles archive, version 3 (PMTiles specification, 3.1 Overview). */
const PMTILES_MAGIC = 'PMTiles\u0003'

/** Throws a `Refusal` for a file that is not what its name says. */
export async function mapFileKind(path: string): Promise<'pmtiles' | 'geojson'> {
  const file = basename(path)
  const { size } = await stat(path)
  if (extname(path).toLowerCase() === '.pmtiles') {
    if ((await headOf(path, PMTILES_MAGIC.length)) !== PMTILES_MAGIC)
      throw new Refusal('invalid', { why: `${file} is not a PMTiles archive (version 3)` })
    return 'pmtiles'
  }
  if (size > LARGEST_GEOJSON)
    throw new Refusal('invalid', { why: `${file} is larger than 64 MiB: make a PMTiles archive of it` })
  const parsed = parse(await readFile(path, 'utf8'))
  if (parsed?.type !== 'FeatureCollection' || !Array.isArray(parsed.features))
    throw new Refusal('invalid', { why: `${file} is not a GeoJSON FeatureCollection` })
  return 'geojson'
}

async function headOf(path: string, bytes: number): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}

function parse(text: string): { type?: unknown; features?: unknown } | null | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
