/** How one source comes in: what there is of it just now, and whoever wants it kept coming. */
import type { SourceStatus } from '../../contract/sources.ts'
import type { Place } from '../sfu/sfu.ts'
import type { ShownTrack } from './showing.ts'

/** What comes in, and where. */
export interface Coming {
  readonly place: Place
  readonly tracks: readonly ShownTrack[]
}

export interface Intake {
  readonly status: Omit<SourceStatus, 'source' | 'viewers' | 'steering'>
  readonly coming: Coming | undefined
  /** Somebody wants it. Returns its own undoing. */
  hold(): () => void
  close(): void
}
