/**
 * The floors of several hubs: the first of them keeps them, and the others carry to it what their seats ask and from it
 * what it says. A hub that hears nothing of the keeper has no floor to offer, and its seats do without.
 */
import { randomUUID } from 'node:crypto'
import type { Id } from '../../contract/primitives.ts'
import { Watched } from '../../contract/watched.ts'
import type { HubBus } from '../store/bus.ts'
import { openArbiter } from './arbiter.ts'
import { type BenchOptions, type FloorBench, type Held, heldAt, lookAt } from './bench.ts'
import { type BenchMessage, readBenchMessage } from './bench-messages.ts'

const TELL_EVERY_MS = 2_000
/** So many talkers are told of in one message, which has a greatest length. */
const AT_ONCE = 25
/** A keeper that says nothing for so long is not there. */
const SILENT_AFTER_MS = 5_000

export function sharedBench(options: BenchOptions, bus: HubBus): FloorBench {
  const here = new Watched(false)
  /** This hub's own name as the keeper: another each time that it becomes it. */
  let own: string | undefined
  let keeper: string | undefined
  const mirror = new Map<Id, Held>()
  let telling: NodeJS.Timeout | undefined
  let silence: NodeJS.Timeout | undefined

  const say = (message: BenchMessage) => bus.say(JSON.stringify(message))
  const arbiter = openArbiter({
    ...options,
    isKeeper: () => bus.sure,
    onStep: (channel, notices) => {
      if (own === undefined) return
      say({
        kind: 'step',
        keeper: own,
        channel,
        held: heldAt(arbiter, channel) ?? null,
        notices: [...notices],
      })
      options.onStep(channel, notices)
    },
  })
  const tell = () => {
    if (own === undefined) return
    const held = arbiter.channels().flatMap((channel) => {
      const found = heldAt(arbiter, channel)
      return found === undefined ? [] : [[channel, found] as const]
    })
    const whole = held.length <= AT_ONCE
    for (let at = 0; at === 0 || at < held.length; at += AT_ONCE)
      say({ kind: 'keeping', keeper: own, held: Object.fromEntries(held.slice(at, at + AT_ONCE)), whole })
  }

  /** Somebody else keeps from now on, or nobody: what was is over. */
  const begin = (by: string | undefined) => {
    keeper = by
    mirror.clear()
    here.set(false)
    here.set(by !== undefined)
  }
  const follow = (isFirst: boolean) => {
    clearInterval(telling)
    clearTimeout(silence)
    arbiter.clear()
    own = isFirst ? randomUUID() : undefined
    begin(own)
    if (!isFirst) return
    tell()
    telling = setInterval(tell, TELL_EVERY_MS)
  }

  const put = (channel: Id, held: Held | null | undefined) => {
    if (held == null) mirror.delete(channel)
    else mirror.set(channel, held)
  }
  const take = (message: Exclude<BenchMessage, { kind: 'patches' }>) => {
    if (message.kind === 'event') {
      if (own !== undefined) arbiter.send(message.channel, message.event)
      return
    }
    // What the keeper says to others, or said before it was lost.
    if (own !== undefined) return
    if (message.kind === 'step') {
      if (message.keeper !== keeper) return
      put(message.channel, message.held)
      options.onStep(message.channel, message.notices)
      return
    }
    if (message.keeper !== keeper) begin(message.keeper)
    clearTimeout(silence)
    silence = setTimeout(() => begin(undefined), SILENT_AFTER_MS)
    const channels = new Set([...(message.whole ? mirror.keys() : []), ...Object.keys(message.held)])
    for (const channel of channels) {
      put(channel, message.held[channel])
      options.onStep(channel, [])
    }
  }

  const stopFollowing = bus.first.onChange(follow)
  const stopHearing = bus.onMessage((text) => {
    const message = readBenchMessage(text)
    if (message !== undefined && message.kind !== 'patches') take(message)
  })
  if (bus.first.value) follow(true)

  return {
    here,
    held: (channel) => (own === undefined ? mirror.get(channel) : heldAt(arbiter, channel)),
    channels: () =>
      own === undefined
        ? [...mirror.keys()]
        : arbiter.channels().filter((channel) => heldAt(arbiter, channel) !== undefined),
    send: (channel, event) => {
      if (own !== undefined) arbiter.send(channel, event)
      else if (here.value) say({ kind: 'event', channel, event })
    },
    look: () => lookAt(arbiter),
    close: () => {
      stopFollowing()
      stopHearing()
      clearInterval(telling)
      clearTimeout(silence)
      arbiter.clear()
    },
  }
}
