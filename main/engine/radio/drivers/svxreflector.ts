/**
 * A talkgroup of a SvxLink reflector as a channel. The reflector lets one talk at a time: that is the floor, and its
 * word for who talks is squelch. It has one password for whoever sits here, and wants a callsign.
 */
import type { ChannelAccess } from '../../../../contract/radio.ts'
import { Refusal } from '../../../../contract/refusal.ts'
import type { LinkFault } from '../../../../contract/seat-radio.ts'
import { backOff } from '../../back-off.ts'
import { FRAME_MS } from '../../media/codec.ts'
import { silentOpus } from '../../media/opus.ts'
import type { ChannelDriver, DriverOptions } from './driver.ts'
import { Link } from './svxreflector/link.ts'
import { ReflectorLeg } from './svxreflector/reflector-leg.ts'
import { Talkers } from './svxreflector/talkers.ts'

type Access = Extract<ChannelAccess, { kind: 'svxreflector' }>

interface Time {
  /** How long to wait before the next try, in ms. */
  readonly wait: (attempt: number) => number
  /** Milliseconds that never go back. */
  readonly clock: () => number
}

export function openSvxreflectorDriver(
  access: Access,
  options: DriverOptions,
  time: Time = { wait: backOff, clock: () => performance.now() },
): ChannelDriver {
  const leg = new ReflectorLeg((payload) => {
    if (talkers.isKeyed) link?.sendVoice(payload)
  })
  const talkers = new Talkers({
    onReport: (report) => {
      if (report.kind === 'unkeyed') link?.endVoice()
      options.onReport(report)
    },
    after: (ms, then) => {
      const timer = setTimeout(then, ms)
      return () => clearTimeout(timer)
    },
  })
  const link = openLink(access, options, time, leg, talkers)
  const unkey = () => {
    if (!talkers.isKeyed) return
    talkers.unkey()
    link?.endVoice()
  }
  return {
    leg,
    acts: [],
    key: () => {
      if (link?.isUp !== true) options.onReport({ kind: 'unkeyed', why: 'lost' })
      // The first voice is the question whether we may talk; so it is not waited for.
      else if (!talkers.isKeyed && talkers.key()) link.sendVoice(silentOpus(FRAME_MS))
    },
    unkey,
    act: async () => {
      throw new Refusal('invalid', { why: 'a talkgroup of a reflector has no such act' })
    },
    close: async () => {
      unkey()
      link?.close()
      leg.close()
    },
  }
}

/** None without a callsign and a password. */
function openLink(
  { host, port, talkgroup, password: known }: Access,
  { callsign, password: own, onReport }: DriverOptions,
  { wait, clock }: Time,
  leg: ReflectorLeg,
  talkers: Talkers,
): Link | undefined {
  const password = own ?? known
  if (callsign === null || password === undefined) {
    const why: LinkFault = callsign === null ? 'no-callsign' : 'no-password'
    // Not before whoever opens the channel has it.
    queueMicrotask(() => onReport({ kind: 'down', why, ...(callsign !== null && { password: true }) }))
    return undefined
  }
  return new Link(
    {
      ...{ host, port, talkgroup, callsign, password },
      clock,
      backOff: wait,
    },
    {
      up: () => onReport({ kind: 'up' }),
      down: (why, wrongPassword) => {
        talkers.lost()
        leg.endSpurt()
        onReport({ kind: 'down', why, ...(wrongPassword && { password: true }) })
      },
      turn: (turn) => talkers.turn(turn),
      packet: (packet) => {
        if (packet.kind === 'audio') {
          talkers.voice()
          leg.hear(packet.sequence, packet.payload)
        } else if (packet.kind === 'flush') {
          talkers.voiceEnded()
          leg.endSpurt()
        }
      },
    },
  )
}
