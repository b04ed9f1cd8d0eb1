/**
 * What this seat carries into rooms: calls and channels of its own. What breaks between here and the hub is made
 * again; the call and the channel stay what they are meanwhile.
 */

import type * as z from 'zod'
import type { Carriage, CarryTelling, carrySchema, onAirSchema } from '../../../contract/carried.ts'
import type { Id } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { refusedBy } from '../../../contract/rpc.ts'
import type { OwnCarriage } from '../../../contract/seat-video.ts'
import type { Leg, VoicePacket } from '../media/leg.ts'
import { Listeners } from '../media/listeners.ts'
import { openRtpSockets } from '../media/rtp-sockets.ts'
import type { LentChannel } from '../radio/seat-radio.ts'
import { addressTowards } from '../telephony/locate.ts'
import { Trunk } from './trunk.ts'

const AGAIN_MS = 1_000
/** An officer whose page is loaded anew, or whose hub is, is back in the room by then. */
const GIVE_UP_MS = 30_000
/** Nothing is sent there: it only decides by which of its addresses this machine is reached (RFC 863). */
const DISCARD_PORT = 9

export interface CarryingOptions {
  /** The host name or address of the hub. */
  hubHost(): string
  readonly hub: {
    carry(asked: z.infer<typeof carrySchema>, signal: AbortSignal): AsyncIterable<CarryTelling>
    onAir(asked: z.infer<typeof onAirSchema>): Promise<void>
  }
  /** See `SeatTelephone.joinIn`. */
  joinIn(call: string, leg: Leg & { readonly hearsOfficer: boolean }, onOver: () => void): Promise<() => void>
  /** Undefined if there is no such call. */
  findCall(call: string): { readonly number: string; readonly unit: Id | null } | undefined
  /** See `SeatRadio.lend`. */
  lend(channel: Id, onGone: () => void): LentChannel
  /** Calls `listener` when the channel begins, or ends, to send what the seat says. Returns its own undoing. */
  onTransmitting(channel: Id, listener: (transmitting: boolean) => void): () => void
  onTrouble(what: string, error: unknown): void
}

export interface SeatCarrying {
  /** Resolves once it is in the room. Rejects with a `Refusal`. */
  carry(room: string, what: OwnCarriage): Promise<void>
  /** Nothing is carried any more. */
  stop(): void
}

/** This seat's side of what is carried: somebody who is told what the room says. */
interface End {
  /** A key is pressed in the room, or let go. */
  key(down: boolean): void
  close(): void
}

export function openCarrying(options: CarryingOptions): SeatCarrying {
  const { hubHost, hub, joinIn, findCall, lend, onTransmitting, onTrouble } = options
  /** What is carried, by what it is, and its end. */
  const carried = new Map<string, AbortController>()

  const described = (what: OwnCarriage): Carriage => {
    if (what.kind === 'channel') return what
    const call = findCall(what.call)
    if (call === undefined) throw new Refusal('call-over')
    return { kind: 'call', call: what.call, number: call.number.slice(0, 100) || '?', unit: call.unit }
  }

  /** One way there, until it breaks or is over. Returns whether it may be tried again. */
  const once = async (
    room: string,
    what: Carriage,
    line: Line,
    over: AbortSignal,
    onThere: () => void,
  ): Promise<boolean> => {
    const host = await addressTowards({ host: hubHost(), port: DISCARD_PORT })
    const trunk = new Trunk(await openRtpSockets(host), () => performance.now())
    let id: string | undefined
    const stop = line.through(trunk.leg)
    const stopTelling =
      what.kind === 'channel'
        ? onTransmitting(what.channel, (onAir) => {
            if (id !== undefined)
              hub
                .onAir({ room, carried: id, onAir })
                .catch((error) => onTrouble('telling what is on the air', error))
          })
        : () => undefined
    try {
      const key = trunk.key.toString('base64')
      for await (const telling of hub.carry({ room, what, key }, over)) {
        if (telling.kind === 'over')
          return telling.how === 'moved' || telling.how === 'left' || telling.how === 'hub-stopped'
        if (telling.kind === 'streams') trunk.use(telling.streams)
        else if (telling.kind === 'key') line.key(telling.down)
        else {
          id = telling.carried
          trunk.open(telling)
          onThere()
        }
      }
      return true
    } finally {
      line.key(false)
      stopTelling()
      stop()
      await trunk.close()
    }
  }

  const keepOn = async (
    room: string,
    what: Carriage,
    line: Line,
    over: AbortController,
    onThere: () => void,
  ) => {
    /** Since when it is not there any more, after it was. */
    let lostAt: number | undefined
    while (!over.signal.aborted) {
      let isThere = false
      try {
        const again = await once(room, what, line, over.signal, () => {
          isThere = true
          onThere()
        })
        if (!again) return
      } catch (error) {
        // What can't be begun is not tried again; what was there is, until it is clear that it can't be any more.
        const given = isThere ? 0 : performance.now() - (lostAt ?? Number.NEGATIVE_INFINITY)
        if (!mayPass(error) || given > GIVE_UP_MS) throw error
      }
      if (isThere) lostAt = performance.now()
      await after(AGAIN_MS, over.signal)
    }
  }

  const openEnd = async (what: OwnCarriage, line: Line, onOver: () => void): Promise<End> => {
    if (what.kind === 'call') {
      const leave = await joinIn(what.call, line.callLeg, onOver)
      return { key: () => undefined, close: leave }
    }
    const channel = lend(what.channel, onOver)
    const stop = channel.onVoice((packet) => line.say(packet))
    let opening: ReturnType<LentChannel['open']> | undefined
    let stopHearing = () => undefined as unknown
    const key = (down: boolean) => {
      if (down === (opening !== undefined)) return
      if (down) {
        const open = channel.open()
        opening = open
        stopHearing = line.onTold((packet) => open.say(packet))
      } else {
        stopHearing()
        opening?.shut()
        opening = undefined
      }
    }
    return {
      key,
      close: () => {
        key(false)
        stop()
        channel.close()
      },
    }
  }

  return {
    carry: async (room, asked) => {
      const what = described(asked)
      const name = asked.kind === 'call' ? `call ${asked.call}` : `channel ${asked.channel}`
      if (carried.has(name)) throw new Refusal('conflict', { what: 'carried', id: name })
      const over = new AbortController()
      carried.set(name, over)
      const line = new Line()
      let end: End | undefined
      try {
        end = await openEnd(asked, line, () => over.abort())
        const { key, close } = end
        line.onKey = key
        await new Promise<void>((resolve, reject) => {
          keepOn(room, what, line, over, resolve)
            .then(
              () => reject(new Refusal('call-over')),
              (error) => {
                reject(error)
                if (refusedBy(error) === undefined) onTrouble('carrying a voice into a room', error)
              },
            )
            .finally(() => {
              carried.delete(name)
              close()
            })
        })
      } catch (error) {
        if (end === undefined) carried.delete(name)
        throw error
      }
    },
    stop: () => {
      for (const over of carried.values()) over.abort()
    },
  }
}

/** Between what is carried and the way there, which may be another after a moment. */
class Line {
  /** For a call: what is sent to it goes to the room, which hears the officer already. */
  readonly callLeg = {
    hearsOfficer: false,
    send: (packet: VoicePacket) => this.say(packet),
    onVoice: (listener: (packet: VoicePacket) => void) => this.#told.add(listener),
  }
  onKey: (down: boolean) => void = () => undefined
  readonly #told = new Listeners<VoicePacket>()
  #way: Leg | undefined

  /** To the room. */
  say(packet: VoicePacket): void {
    this.#way?.send(packet)
  }

  /** What the room says. */
  onTold(listener: (packet: VoicePacket) => void): () => void {
    return this.#told.add(listener)
  }

  key(down: boolean): void {
    this.onKey(down)
  }

  /** Goes this way from now on. Returns its own undoing. */
  through(way: Leg): () => void {
    this.#way = way
    const stop = way.onVoice((packet) => this.#told.tell(packet))
    return () => {
      stop()
      if (this.#way === way) this.#way = undefined
    }
  }
}

/** `not-now`: the officer is not in the room, and may be in a moment. */
const passing = [
  'hub-unreachable',
  'video-down',
  'not-now',
  'call-over',
  'too-many',
  'store-unavailable',
  'conflict',
]

/** What the line to the hub breaks with has no refusal in it. */
function mayPass(error: unknown): boolean {
  const refused = refusedBy(error)
  return refused === undefined || passing.includes(refused.code)
}

const after = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
