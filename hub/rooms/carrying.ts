/** Telephones and channels in a room as it lives: the streams to the seats that carry them, and who holds their keys. */
import type { Producer } from 'mediasoup/types'
import type { Carriage, CarriedStream, CarryTelling, SceneCarried } from '../../contract/carried.ts'
import { Inbox } from '../../contract/inbox.ts'
import type { Id } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { Room } from '../../contract/rooms.ts'
import type { SharedState } from '../../contract/state.ts'
import type { Place } from '../sfu/sfu.ts'
import { openTrunk, type Trunk } from '../sfu/trunk.ts'
import { trackOf } from '../sources/showing.ts'

/** A key that is not pressed again by then is up: whoever held it may be gone. */
const KEY_HOLDS_MS = 3_000

/** One that is carried just now. */
export interface Carried {
  readonly id: string
  readonly by: Id
  readonly what: Carriage
  readonly trunk: Trunk
  readonly tellings: Inbox<CarryTelling>
  /** Who holds its key. */
  readonly key: { readonly by: Id; readonly timer: NodeJS.Timeout } | undefined
  readonly onAir: boolean
}

type Own = { -readonly [K in keyof Carried]: Carried[K] } & {
  /** The streams that its seat knows of. */
  told: string
}

export interface CarryingOptions {
  room(): Room | undefined
  /** What can be heard in the room besides what is carried, and who it is of; null: of nobody. */
  voices(): readonly { readonly producer: Producer; readonly of: Id | null }[]
  onChange(): void
}

export interface Carrying {
  readonly all: ReadonlyMap<string, Carried>
  /** Rejects with a `Refusal`. */
  open(place: Place, asked: { id: string; by: Id; what: Carriage; key: string }): Promise<Carried>
  /** The seat carries it no more. */
  drop(id: string): void
  /** The seat is told that it is over. */
  putOut(which: (carried: Carried) => boolean, how: Extract<CarryTelling, { kind: 'over' }>['how']): void
  /** Throws a `Refusal` where there is no such key, or another holds it. */
  key(id: string, by: Id, down: boolean): void
  onAir(id: string, by: Id, onAir: boolean): void
  /** Whoever may not speak there any more lets go of every key. */
  letGo(by: Id): void
  /** What may be heard, or is to be muted, may be another. */
  lookAgain(): void
}

export function openCarrying({ room, voices, onChange }: CarryingOptions): Carrying {
  const all = new Map<string, Own>()

  const release = (own: Own) => {
    if (own.key === undefined) return
    clearTimeout(own.key.timer)
    own.key = undefined
    own.tellings.push({ kind: 'key', down: false })
    onChange()
  }

  const drop = (own: Own) => {
    if (!all.delete(own.id)) return
    clearTimeout(own.key?.timer)
    own.trunk.close()
    onChange()
    lookAgain()
  }

  /** Everybody but its own voice; a call hears who carries it already. */
  const audibleTo = ({ id, by, what }: Own): Producer[] => [
    ...voices().flatMap(({ producer, of }) => (what.kind === 'call' && of === by ? [] : [producer])),
    ...[...all.values()].flatMap((other) => (other.id === id ? [] : [other.trunk.producer])),
  ]

  const lookAgain = () => {
    for (const own of all.values()) {
      own.trunk.hear(audibleTo(own)).then(
        (streams) => tell(own, streams),
        // The place is gone, and with it what came from there.
        () => undefined,
      )
      const muted = room()?.carried[own.id]?.muted ?? false
      const { producer } = own.trunk
      if (producer.closed || producer.paused === muted) continue
      void (muted ? producer.pause() : producer.resume()).then(onChange, () => undefined)
    }
  }

  const tell = (own: Own, streams: readonly CarriedStream[]) => {
    const text = JSON.stringify(streams)
    if (text === own.told || all.get(own.id) !== own) return
    own.told = text
    own.tellings.push({ kind: 'streams', streams })
  }

  const find = (id: string): Own => {
    const own = all.get(id)
    if (own === undefined) throw new Refusal('not-found', { what: 'carried', id })
    return own
  }

  return {
    all,
    open: async (place, { id, by, what, key }) => {
      const trunk = await openTrunk(place, key, room()?.carried[id]?.muted ?? true)
      if (room()?.carried[id] === undefined || place.gone.aborted) {
        trunk.close()
        throw new Refusal('call-over')
      }
      const tellings = new Inbox<CarryTelling>()
      const own: Own = { id, by, what, trunk, tellings, told: '', key: undefined, onAir: false }
      all.set(id, own)
      const { host, port, ssrc, payloadType } = trunk
      tellings.push({ kind: 'carried', carried: id, host, port, key: trunk.key, ssrc, payloadType })
      onChange()
      lookAgain()
      return own
    },
    drop: (id) => {
      const own = all.get(id)
      if (own !== undefined) drop(own)
    },
    putOut: (which, how) => {
      for (const own of [...all.values()])
        if (which(own)) {
          own.tellings.replace({ kind: 'over', how })
          drop(own)
        }
    },
    key: (id, by, down) => {
      const own = find(id)
      if (own.what.kind !== 'channel') throw new Refusal('not-found', { what: 'key', id })
      if (own.key !== undefined && own.key.by !== by) {
        if (down) throw new Refusal('conflict', { what: 'key', id: own.key.by })
        return
      }
      if (!down) return release(own)
      const isNew = own.key === undefined
      clearTimeout(own.key?.timer)
      own.key = { by, timer: setTimeout(() => release(own), KEY_HOLDS_MS) }
      if (!isNew) return
      own.tellings.push({ kind: 'key', down: true })
      onChange()
    },
    onAir: (id, by, onAir) => {
      const own = find(id)
      if (own.by !== by) throw new Refusal('not-found', { what: 'carried', id })
      if (own.onAir === onAir) return
      own.onAir = onAir
      onChange()
    },
    letGo: (by) => {
      for (const own of all.values()) if (own.key?.by === by) release(own)
    },
    lookAgain,
  }
}

/** What is carried, as those in the room see it: what no seat carries just now is not shown. */
export const sceneOfCarried = (
  { carried }: Room,
  { directory }: SharedState,
  live: ReadonlyMap<string, Carried>,
): SceneCarried[] =>
  [...live.values()].flatMap(({ id, by, what, trunk, key, onAir }) => {
    const known = carried[id]
    if (known === undefined) return []
    return {
      id,
      by,
      kind: what.kind,
      ref: what.kind === 'call' ? what.call : what.channel,
      name: nameOf(what, directory),
      muted: known.muted,
      tracks: [trackOf({ track: 'microphone', producer: trunk.producer })],
      keyedBy: key?.by ?? null,
      onAir,
    }
  })

function nameOf(what: Carriage, { units, channels }: SharedState['directory']) {
  if (what.kind === 'channel') return channels[what.channel]?.name ?? { zh: what.channel, en: what.channel }
  const unit = what.unit === null ? undefined : units[what.unit]
  return unit?.name ?? { zh: what.number, en: what.number }
}
