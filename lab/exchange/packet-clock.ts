/** One clock for all who speak: a packet each, every 20 ms. */

const PACKET_MS = 20
/** After a stall of the process only so many packets are made up for; the rest of the time was silent. */
const MOST_AT_ONCE = 5

export interface PacketClock<Speaker> {
  /** Calls with the number of packets' time since the clock began to run; it runs while somebody is in. */
  add(speaker: Speaker, speak: (tick: number) => void): void
  remove(speaker: Speaker): void
  has(speaker: Speaker): boolean
  readonly speakers: readonly Speaker[]
}

export function createPacketClock<Speaker>(): PacketClock<Speaker> {
  const speakers = new Map<Speaker, (tick: number) => void>()
  let timer: NodeJS.Timeout | undefined
  let began = 0
  let ticks = 0

  /** Ticks are counted from the beginning, so that no delay adds up. */
  const tick = () => {
    const due = Math.floor((performance.now() - began) / PACKET_MS)
    ticks = Math.max(ticks, due - MOST_AT_ONCE)
    for (; ticks < due; ticks++) for (const speak of speakers.values()) speak(ticks)
    const wait = Math.max(0, began + (ticks + 1) * PACKET_MS - performance.now())
    timer = speakers.size === 0 ? undefined : setTimeout(tick, wait)
  }
  return {
    add: (speaker, speak) => {
      speakers.set(speaker, speak)
      if (timer !== undefined) return
      began = performance.now()
      ticks = 0
      timer = setTimeout(tick, PACKET_MS)
    },
    remove: (speaker) => void speakers.delete(speaker),
    has: (speaker) => speakers.has(speaker),
    get speakers() {
      return [...speakers.keys()]
    },
  }
}
