/** The seat's settings on disk, checked when read; a file that can't be read is replaced by the last good one. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { MapFilePick } from '../contract/engine.ts'
import type { Id } from '../contract/primitives.ts'
import { Refusal } from '../contract/refusal.ts'
import type { SeatPage } from '../contract/seat-pages.ts'
import {
  defaultSettings,
  MOST_MAP_FILES,
  type SeatSettings,
  type SettingsChange,
  seatSettingsSchema,
  withChange,
} from '../contract/settings.ts'
import { type WindowState, windowStateSchema } from './window-state.ts'

const fileSchema = z.object({
  seat: seatSettingsSchema,
  /** The paths behind `seat.mapFiles`, by basemap. */
  mapPaths: z.record(z.string(), z.string()),
  /** Encrypted by the system's key store, base64. */
  secrets: z.record(z.string(), z.string()),
  window: windowStateSchema.nullable(),
  wallWindow: windowStateSchema.nullable(),
})
type SettingsFile = z.infer<typeof fileSchema>

const fresh: SettingsFile = {
  seat: defaultSettings,
  mapPaths: {},
  secrets: {},
  window: null,
  wallWindow: null,
}

const fieldOf = { console: 'window', wall: 'wallWindow' } as const

export interface Settings {
  readonly seat: SeatSettings
  /** Where the window of that page was. */
  window(page: SeatPage): WindowState | null
  pathOf(basemap: Id): string | undefined
  secret(name: string): string | undefined
  change(change: SettingsChange): void
  keepLayout(account: Id, layout: SeatSettings['layouts'][string] | null): void
  /** Throws a `Refusal` when there are too many. */
  addMapFile(file: SeatSettings['mapFiles'][number], path: string): MapFilePick
  removeMapFile(basemap: Id): void
  setSecret(name: string, encrypted: string): void
  keepWindow(page: SeatPage, window: WindowState): void
  onSeatChange(listener: (seat: SeatSettings) => void): void
}

/** `onTrouble` is told when the file was unreadable and what stood in for it. */
export function openSettings(folder: string, onTrouble: (why: string) => void): Settings {
  const file = join(folder, 'settings.json')
  const lastGood = join(folder, 'settings.last-good.json')
  mkdirSync(folder, { recursive: true })
  let kept = read(file)
  if (kept === undefined && existsSync(file)) {
    renameSync(file, join(folder, 'settings.unreadable.json'))
    kept = read(lastGood)
    if (kept !== undefined) writeWhole(file, JSON.stringify(kept))
    const instead = kept === undefined ? 'the defaults' : 'its last good copy'
    onTrouble(`${file} could not be read; ${instead} took its place`)
  }
  let settings = kept ?? fresh
  const listeners = new Set<(seat: SeatSettings) => void>()

  const write = (change: Partial<SettingsFile>) => {
    const changed = fileSchema.parse({ ...settings, ...change })
    const text = JSON.stringify(changed, undefined, 2)
    writeWhole(file, text)
    writeWhole(lastGood, text)
    settings = changed
    if (change.seat !== undefined) for (const listener of listeners) listener(settings.seat)
  }
  const writeSeat = (change: Partial<SeatSettings>) => write({ seat: { ...settings.seat, ...change } })

  return {
    get seat() {
      return settings.seat
    },
    window: (page) => settings[fieldOf[page]],
    pathOf: (basemap) => own(settings.mapPaths, basemap),
    secret: (name) => own(settings.secrets, name),
    change: (change) => write({ seat: withChange(settings.seat, change) }),
    keepLayout: (account, layout) => {
      const { [account]: _, ...others } = settings.seat.layouts
      writeSeat({ layouts: layout === null ? others : { ...others, [account]: layout } })
    },
    addMapFile: (mapFile, path) => {
      const { id } = mapFile.basemap
      const others = settings.seat.mapFiles.filter(({ basemap }) => basemap.id !== id)
      if (others.length >= MOST_MAP_FILES)
        throw new Refusal('invalid', { why: `a seat keeps ${MOST_MAP_FILES} map files: remove one first` })
      write({
        seat: { ...settings.seat, mapFiles: [...others, mapFile] },
        mapPaths: { ...settings.mapPaths, [id]: path },
      })
      return { kind: 'added', basemap: id }
    },
    removeMapFile: (id) => {
      const { [id]: _, ...mapPaths } = settings.mapPaths
      const { seat } = settings
      write({
        seat: {
          ...seat,
          mapFiles: seat.mapFiles.filter(({ basemap }) => basemap.id !== id),
          basemap: seat.basemap === id ? defaultSettings.basemap : seat.basemap,
        },
        mapPaths,
      })
    },
    setSecret: (name, encrypted) => write({ secrets: { ...settings.secrets, [name]: encrypted } }),
    keepWindow: (page, window) => write({ [fieldOf[page]]: window }),
    onSeatChange: (listener) => {
      listeners.add(listener)
    },
  }
}

/** After a power cut there is the old file or the new one, never half of one. */
function writeWhole(file: string, text: string): void {
  const begun = `${file}.new`
  writeFileSync(begun, text, { mode: 0o600, flush: true })
  renameSync(begun, file)
}

function read(file: string): SettingsFile | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8'))
    // A file of an older version lacks what is new since: that begins with its default.
    return fileSchema.parse({ ...fresh, ...kept, seat: { ...fresh.seat, ...kept.seat } })
  } catch {
    return undefined
  }
}

const own = (record: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
