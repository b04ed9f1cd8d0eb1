/** Map files that the officer picks from this seat's disk. */
import { open, readFile, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { type BrowserWindow, dialog } from 'electron'
import type { Basemap } from '../contract/basemaps.ts'
import type { MapFilePick } from '../contract/engine.ts'
import { Refusal } from '../contract/refusal.ts'
import type { Settings } from './settings.ts'

const LARGEST_GEOJSON = 64 * 1024 * 1024
/** The first bytes of a PMTiles archive, version 3 (PMTiles specification, 3.1 Overview). */
const PMTILES_MAGIC = 'PMTiles\u0003'

export async function addMapFile(
  window: BrowserWindow | undefined,
  settings: Settings,
): Promise<MapFilePick> {
  if (window === undefined) return { kind: 'cancelled' }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    properties: ['openFile'],
    filters: [{ name: 'PMTiles, GeoJSON', extensions: ['pmtiles', 'geojson', 'json'] }],
  })
  const [path] = filePaths
  if (canceled || path === undefined) return { kind: 'cancelled' }
  const file = basename(path)
  const kind = await kindOf(path, file)
  const name = file.slice(0, 100)
  const taken = settings.seat.mapFiles.find(({ basemap }) => settings.pathOf(basemap.id) === path)
  const id = taken?.basemap.id ?? freeId(settings)
  const basemap: Basemap = { kind, id, name: { zh: name, en: name }, datum: 'wgs84' }
  return settings.addMapFile({ basemap, file }, path)
}

/** Throws a `Refusal` for a file that is not what its name says. */
async function kindOf(path: string, file: string): Promise<'pmtiles' | 'geojson'> {
  const { size } = await stat(path)
  if (extname(path) === '.pmtiles') {
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

function parse(text: string): { type?: unknown; features?: unknown } | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function freeId(settings: Settings): string {
  const taken = new Set(settings.seat.mapFiles.map(({ basemap }) => basemap.id))
  let number = 1
  while (taken.has(`file-${number}`)) number++
  return `file-${number}`
}
