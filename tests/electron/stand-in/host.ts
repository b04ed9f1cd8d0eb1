/** What the launcher knows and the stand-in's parts need. Set once, before the console's main module runs. */
import type { Cdp } from './cdp.ts'

export interface Host {
  readonly appFolder: string
  readonly userData: string
  readonly headless: boolean
  readonly size: { readonly width: number; readonly height: number }
  readonly browser: Promise<Cdp>
  /** Answers dialogues that would be shown, in order; without one they are cancelled. */
  readonly answers: unknown[]
  /** Called when the app has quit. */
  ended(code: number): void
}

let known: Host | undefined

export function setHost(host: Host): void {
  known = host
}

export function host(): Host {
  if (known === undefined) throw new Error('the stand-in is started by launch.ts')
  return known
}
