/** A seat with its telephone at a hub and at the lab's exchange: all of an engine but its page, whose sound is made and heard here. */
import { randomUUID } from 'node:crypto'
import type { TRPCClient } from '@trpc/client'
import { expect } from 'vitest'
import type { HubRouter } from '../../contract/hub.ts'
import type { Supervision } from '../../contract/seat-supervision.ts'
import { noSupervision, type SeatSupervisionPort } from '../../contract/seat-supervision.ts'
import { emptyState } from '../../contract/state.ts'
import type { Call } from '../../contract/telephony.ts'
import { openHubLink } from '../../main/engine/hub-link/hub-link.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openSupervision } from '../../main/engine/supervision/supervision.ts'
import { openCallVoice } from '../../main/engine/telephony/call-voice.ts'
import { openDesk } from '../../main/engine/telephony/desk.ts'
import { openLine } from '../../main/engine/telephony/line.ts'
import { openSeatVoice } from '../../main/engine/telephony/seat-voice.ts'
import { openTelephone, type Switchboard } from '../../main/engine/telephony/telephone.ts'
import type { AtEnd } from './at-end.ts'
import { openEar } from './ear.ts'
import { temporaryFolder } from './folder.ts'
import type { TestHub } from './hub.ts'
import { PASSWORD } from './site.ts'
import { loudness, shareOf, sine } from './tone.ts'

export interface HubSeat {
  readonly board: Switchboard
  /** The hub, past all that the engine knows of supervision. */
  readonly hub: TRPCClient<HubRouter>
  readonly act: SeatSupervisionPort
  readonly shown: () => Supervision
  readonly calls: () => readonly Call[]
  /** How much of what the officer hears now is at this frequency, 0 to 1; 0 where nothing is heard. */
  hears(frequency: number): number
  /** The link to the hub is gone, and does not come back. */
  cut(): Promise<void>
}

/** Somebody signs in; their microphone hears a tone of this frequency, Hz. Their lines are registered. */
export async function openHubSeat(
  atEnd: AtEnd,
  hub: TestHub,
  account: string,
  frequency: number,
): Promise<HubSeat> {
  /** The last half second of what the officer heard, by leg. */
  const heard = new Map<string, Int16Array>()
  const microphone = new PlayerLeg({ samples: sine(frequency, 8_000), loop: true })
  const desk = openDesk({
    openConsoleLeg: (leg) => {
      const ear = openEar()
      return {
        open: false,
        send: (packet) => {
          const before = heard.get(leg) ?? new Int16Array(4_000)
          const sound = ear(packet)
          heard.set(leg, Int16Array.from([...before.subarray(sound.length), ...sound]))
        },
        onVoice: (listener) => microphone.onVoice(listener),
        close: () => heard.delete(leg),
      }
    },
  })
  const board = openTelephone({
    clock: Date.now,
    ledger: { keep: () => undefined, strike: () => undefined },
    headset: desk,
    lines: {
      readPassword: async () => null,
      openLine: (options) => openLine({ ...options, openMedia: (server) => openCallVoice(server, false) }),
    },
    submit: async (who, command) => link.submit(command, who),
    claim: (command) =>
      link.ask((client, signal) => client.submit.mutate({ key: randomUUID(), command }, { signal })),
    onTrouble: () => undefined,
  })
  const supervision = openSupervision({
    clock: Date.now,
    telephone: {
      state: board.state,
      port: {
        answer: (call) => board.answer(call),
        hangUp: async (call) => board.hangUp(call),
        hold: (call) => board.hold(call),
      },
      voice: openSeatVoice(desk, board),
    },
    hubHost: () => '127.0.0.1',
    onTrouble: () => undefined,
  })
  let hubClient: TRPCClient<HubRouter> | undefined
  let shown = noSupervision
  const over = new AbortController()
  void (async () => {
    for await (const next of supervision.port.watch(over.signal)) shown = next
  })()
  const link = await openHubLink({
    folder: temporaryFolder(atEnd),
    clock: Date.now,
    ticket: null,
    onTrouble: () => undefined,
    onState: (state) => board.sit(account, state),
    onLeaving: async () => undefined,
    onUp: (client) => {
      hubClient = client
      return supervision.attend(client)
    },
    keepTicket: () => undefined,
    keepAwake: () => undefined,
  })
  let open = true
  const cut = async () => {
    if (open) await link.close()
    open = false
  }
  atEnd(async () => {
    over.abort()
    supervision.close()
    board.sit(null, emptyState)
    await board.close()
    await cut()
    microphone.close()
  })
  link.use({ url: hub.url, embedded: false })
  await expect.poll(() => link.greeting.value.kind).toBe('reached')
  await link.signIn({ account, password: PASSWORD })
  await expect.poll(() => board.state.value.lines.map(({ state }) => state)).toEqual(['registered'])
  await expect.poll(() => shown.seats).not.toBeNull()
  if (hubClient === undefined) throw new Error('the hub is not there')
  return {
    board,
    hub: hubClient,
    act: supervision.port,
    shown: () => shown,
    calls: () => board.state.value.calls.filter(({ state }) => state !== 'ended'),
    hears: (tone) => {
      const loudest = [...heard.values()].toSorted((a, b) => loudness(b) - loudness(a))[0] ?? new Int16Array()
      return loudness(loudest) < 0.01 ? 0 : shareOf(tone, loudest)
    },
    cut,
  }
}
