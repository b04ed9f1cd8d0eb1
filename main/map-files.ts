/** Map files that the officer picks from this seat's disk. */
import { basename } from 'node:path'
import { type BrowserWindow, dialog } from 'electron'
import type { MapFilePick } from '../contract/engine.ts'
import { mapFileKind } from './map-file-kind.ts'
import type { Settings } from './settings.ts'

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
  const kind = await mapFileKind(path)
  const file = basename(path)
  const name = file.slice(0, 100)
  const taken = settings.seat.mapFiles.find(({ basemap }) => settings.pathOf(basemap.id) === path)
  const id = taken?.basemap.id ?? freeId(settings)
  return settings.addMapFile(
    { basemap: { kind, id, name: { zh: name, en: name }, datum: 'wgs84' }, file },
    path,
  )
}

function freeId(settings: Settings): string {
  const taken = new Set(settings.seat.mapFiles.map(({ basemap }) => basemap.id))
  let number = 1
  while (taken.has(`file-${number}`)) number++
  return `file-${number}`
}
