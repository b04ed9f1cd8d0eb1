/** The seat's settings on disk, checked when read; a file that can't be read is replaced by the last good one. */
import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Store from 'electron-store'
import * as z from 'zod'
import type { MapFilePick } from '../contract/engine.ts'
import type { Id } from '../contract/primitives.ts'
import {
  defaultSettings,
  type SeatSettings,
  type SettingsChange,
  seatSettingsSchema,
} from '../contract/settings.ts'
import { type WindowState, windowStateSchema } from './window-state.ts'

const fileSchema = z.object({
  seat: seatSettingsSchema,
  /** The paths behind `seat.mapFiles`, by basemap. */
  mapPaths: z.record(z.string(), z.string()),
  /** Encrypted by the system's key store, base64. */
  secrets: z.record(z.string(), z.string()),
  window: windowStateSchema.nullable(),
})
type SettingsFile = z.infer<typeof fileSchema>

const fresh: SettingsFile = { seat: defaultSettings, mapPaths: {}, secrets: {}, window: null }

export interface Settings {
  readonly seat: SeatSettings
  readonly window: WindowState | null
  pathOf(basemap: Id): string | undefined
  secret(name: string): string | undefined
  change(change: SettingsChange): void
  keepLayout(account: Id, layout: SeatSettings['layouts'][string] | null): void
  addMapFile(file: SeatSettings['mapFiles'][number], path: string): MapFilePick
  removeMapFile(basemap: Id): void
  setSecret(name: string, encrypted: string): void
  keepWindow(window: WindowState): void
  onSeatChange(listener: (seat: SeatSettings) => void): void
}

/** `onTrouble` is told when the file was unreadable and what stood in for it. */
export function openSettings(folder: string, onTrouble: (why: string) => void): Settings {
  const file = join(folder, 'settings.json')
  const lastGood = join(folder, 'settings.last-good.json')
  if (existsSync(file) && read(file) === undefined) {
    renameSync(file, join(folder, 'settings.unreadable.json'))
    const restored = read(lastGood) !== undefined
    if (restored) copyFileSync(lastGood, file)
    onTrouble(`${file} could not be read; ${restored ? 'its last good copy' : 'the defaults'} took its place`)
  }
  const store = new Store<SettingsFile>({
    name: 'settings',
    cwd: folder,
    defaults: fresh,
    clearInvalidConfig: false,
  })
  const listeners = new Set<(seat: SeatSettings) => void>()

  const write = (change: Partial<SettingsFile>) => {
    const seatBefore = store.store.seat
    store.store = fileSchema.parse({ ...store.store, ...change })
    copyFileSync(file, lastGood)
    if (change.seat !== undefined && change.seat !== seatBefore)
      for (const listener of listeners) listener(store.store.seat)
  }
  const writeSeat = (change: Partial<SeatSettings>) => write({ seat: { ...store.store.seat, ...change } })

  return {
    get seat() {
      return store.store.seat
    },
    get window() {
      return store.store.window
    },
    pathOf: (basemap) => store.store.mapPaths[basemap],
    secret: (name) => store.store.secrets[name],
    change: (change) => writeSeat(withoutUndefined(change)),
    keepLayout: (account, layout) => {
      const { [account]: _, ...others } = store.store.seat.layouts
      writeSeat({ layouts: layout === null ? others : { ...others, [account]: layout } })
    },
    addMapFile: (mapFile, path) => {
      const { id } = mapFile.basemap
      const others = store.store.seat.mapFiles.filter(({ basemap }) => basemap.id !== id)
      write({
        seat: { ...store.store.seat, mapFiles: [...others, mapFile] },
        mapPaths: { ...store.store.mapPaths, [id]: path },
      })
      return { kind: 'added', basemap: id }
    },
    removeMapFile: (id) => {
      const { [id]: _, ...mapPaths } = store.store.mapPaths
      const { seat } = store.store
      write({
        seat: {
          ...seat,
          mapFiles: seat.mapFiles.filter(({ basemap }) => basemap.id !== id),
          basemap: seat.basemap === id ? defaultSettings.basemap : seat.basemap,
        },
        mapPaths,
      })
    },
    setSecret: (name, encrypted) => write({ secrets: { ...store.store.secrets, [name]: encrypted } }),
    keepWindow: (window) => write({ window }),
    onSeatChange: (listener) => {
      listeners.add(listener)
    },
  }
}

function read(file: string): SettingsFile | undefined {
  try {
    return fileSchema.parse({ ...fresh, ...JSON.parse(readFileSync(file, 'utf8')) })
  } catch {
    return undefined
  }
}

/** A change says what it changes; a key that is there but undefined changes nothing. */
function withoutUndefined(change: SettingsChange): Partial<SeatSettings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
