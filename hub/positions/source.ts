/** Where position reports come from: the hub's own MQTT broker, or any other by its address. */
import type { Instant } from '../../contract/primitives.ts'

export interface Listen {
  readonly host: string
  readonly port: number
}

export type Take = (topic: string, payload: Uint8Array) => void

export interface PositionSource {
  readonly state: 'up' | 'down'
  readonly since: Instant
  /** Calls `listener` when the state has changed. Returns its own undoing. */
  onChange(listener: () => void): () => void
  close(): Promise<void>
}
