/** From the officer's click to the INVITE, and to the callee's voice: beside baresip, which dials the same callee. */
import type { Page } from 'playwright-core'
import { type AtEnd, endings } from '../tests/support/at-end.ts'
import { startBaresip } from '../tests/support/baresip.ts'
import { startKamailio } from '../tests/support/kamailio.ts'
import { until } from '../tests/support/until.ts'
import { type Bench, Collector, percentile } from './bench.ts'
import { type CallerPath, now, openCallerPath } from './caller-path.ts'
import { buildConsole, openSeatConsole } from './seat-console.ts'

const REPEATS = 5
/** Of each caller in a repetition, turn about. */
const CALLS = 21
const WARM_UP_CALLS = 3
const [SEAT, PEER, CALLEE] = ['8001', '8002', '8003'] as const
const users = { [SEAT]: 'of-the-seat', [PEER]: 'of-the-peer', [CALLEE]: 'of-the-callee' }

interface Caller {
  /** Calls, waits until the callee is heard, and hangs up. Times are from the beginning, in ms. */
  call(): Promise<{ readonly invite: number; readonly voice: number }>
}

export const callSetup: Bench = {
  name: 'call-setup',
  about: `p95 of ${CALLS} calls: from the click in the built console (in the stand-in, whose ports between page and engine cost more than Electron’s; UDP, digest) to the INVITE at the exchange's socket and to the first audible RTP of a callee that answers at once; against baresip told to dial: same exchange (Kamailio), same callee, same measuring point`,
  takes: 'about 2 minutes',
  targets: { clickToInviteMs: { max: 30 }, ratio: { max: 1.5 } },
  run: async (say) => {
    const { atEnd, run } = endings()
    try {
      await buildConsole()
      const { seat, peer } = await callers(atEnd)
      const ours = new Collector()
      const theirs = new Collector()
      // Of code that has never run.
      await measure(seat, peer, WARM_UP_CALLS)
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const { clickToInviteP50Ms, clickToInviteMs, clickToVoiceMs, dialToVoiceMs } = await measure(
          seat,
          peer,
          CALLS,
        )
        ours.add({
          clickToInviteP50Ms,
          clickToInviteMs,
          clickToVoiceMs,
          ratio: clickToVoiceMs / dialToVoiceMs,
        })
        theirs.add({ dialToVoiceMs, clickToVoiceMs: dialToVoiceMs })
        say(
          `click to INVITE ${clickToInviteMs.toFixed(1)} ms (median ${clickToInviteP50Ms.toFixed(1)}), to voice ${clickToVoiceMs.toFixed(0)} ms; baresip ${dialToVoiceMs.toFixed(0)} ms`,
        )
      }
      return { figures: ours.samples, peer: theirs.samples }
    } finally {
      await run()
    }
  },
}

async function measure(seat: Caller, peer: Caller, calls: number) {
  const [invites, voices, others]: [number[], number[], number[]] = [[], [], []]
  for (let call = 0; call < calls; call++) {
    const { invite, voice } = await seat.call()
    invites.push(invite)
    voices.push(voice)
    others.push((await peer.call()).voice)
  }
  return {
    clickToInviteP50Ms: percentile(invites, 0.5),
    clickToInviteMs: percentile(invites, 0.95),
    clickToVoiceMs: percentile(voices, 0.95),
    dialToVoiceMs: percentile(others, 0.95),
  }
}

async function callers(atEnd: AtEnd): Promise<{ readonly seat: Caller; readonly peer: Caller }> {
  const kamailio = await startKamailio(atEnd, { users })
  const exchange = kamailio.server('udp').port
  const account = (user: keyof typeof users) => ({ user, password: users[user], domain: kamailio.domain })
  const callee = await startBaresip(atEnd, { ...account(CALLEE), exchange, answers: 'auto', codecs: 'PCMU' })
  const closed = () => callee.events.filter(({ type }) => type === 'CALL_CLOSED').length
  /** The callee is free again. */
  const over = async (calls: number) =>
    until(() => {
      if (closed() === calls) throw new Error('the callee is still in the call')
    })
  const [seatPath, peerPath] = [await openCallerPath(atEnd, exchange), await openCallerPath(atEnd, exchange)]
  const page = await consoleAt(atEnd, seatPath, kamailio.domain)
  const phone = await startBaresip(atEnd, { ...account(PEER), exchange: peerPath.port, codecs: 'PCMU' })
  return {
    seat: {
      call: async () => {
        const calls = closed()
        const next = seatPath.next()
        await page.getByRole('textbox', { name: '号码', exact: true }).fill(CALLEE)
        await page.locator('form button[type=submit]', { hasText: /呼 ?叫/ }).click()
        const [invited, voice] = await Promise.all([next.invited, next.voice])
        const clicked = await page.evaluate(() => window.clickedAt)
        await page.getByRole('button', { name: /^挂 ?断$/ }).click()
        await over(calls)
        return { invite: invited - clicked, voice: voice - clicked }
      },
    },
    peer: {
      call: async () => {
        const calls = closed()
        const next = peerPath.next()
        const told = now()
        phone.tell('dial', `sip:${CALLEE}@${kamailio.domain}`)
        const [invited, voice] = await Promise.all([next.invited, next.voice])
        phone.tell('hangup')
        await over(calls)
        return { invite: invited - told, voice: voice - told }
      },
    },
  }
}

declare global {
  interface Window {
    /** When the mouse was last let go on something, in ms since 1970. */
    clickedAt: number
  }
}

/** The page of a console whose line is registered, and which notes each click. */
async function consoleAt(atEnd: AtEnd, path: CallerPath, domain: string): Promise<Page> {
  const { page } = await openSeatConsole(atEnd, {
    port: path.port,
    domain,
    number: SEAT,
    password: users[SEAT],
  })
  await page.evaluate(() => {
    const note = ({ timeStamp }: Event) => {
      window.clickedAt = performance.timeOrigin + timeStamp
    }
    document.addEventListener('click', note, { capture: true })
  })
  return page
}
