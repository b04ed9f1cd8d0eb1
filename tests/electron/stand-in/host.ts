/** What the launcher knows and the stand-in's parts need. Set once, before the app's main module runs. */
import type { Instance } from './instance.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Host {
  readonly appFolder: string
  readonly userData: string
  readonly instance: Instance
  readonly headless: boolean
  /** Of each display, side by side; the first is the primary one. */
  readonly displays: readonly Size[]
  /** Undefined keeps Chromium's port for tools closed. */
  readonly debuggingPort: string | undefined
  /** The files that open dialogues bring, a dialogue each, in order. */
  readonly picks: string[]
}

let set: Host | undefined

export function setHost(host: Host): void {
  set = host
}

export function host(): Host {
  if (set === undefined) throw new Error('the stand-in for Electron is started by launch.ts')
  return set
}
