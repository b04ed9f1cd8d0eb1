/**
 * The telephone, loaded when somebody with a line sits down: its SIP and WebRTC take longer to load than all the
 * rest of the engine, and an officer who waits for the sign-in waits for the engine.
 */
import { randomUUID } from 'node:crypto'
import type { NumberLamps } from '../../../contract/favourites.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type { TelephonePort } from '../../../contract/seat-telephone.ts'
import { emptyState, type SharedState } from '../../../contract/state.ts'
import { type LineStatus, noTelephone, type Telephone } from '../../../contract/telephony.ts'
import { Watched } from '../../../contract/watched.ts'
import type { SoundWhenNeeded } from '../media/sound-when-needed.ts'
import { seatIdentity } from './seat-identity.ts'
import type { SeatTelephone, SeatTelephoneOptions } from './seat-telephone.ts'

/** Many calls that are made at once change a hundred times within moments: the page draws what comes of it. */
const REST_MS = 50

interface Seat {
  readonly account: Id | null
  readonly state: SharedState
}

interface TelephoneWhenNeededOptions extends Omit<SeatTelephoneOptions, 'seat' | 'sound'> {
  readonly sound: Pick<SoundWhenNeeded, 'open'>
}

export interface TelephoneWhenNeeded extends Omit<SeatTelephone, 'sit'> {
  /** Resolves once it is told. */
  sit(account: Id | null, state: SharedState): Promise<void>
}

/** As long as there is none it has no lines, and refuses what needs one. */
export function telephoneWhenNeeded(options: TelephoneWhenNeededOptions): TelephoneWhenNeeded {
  const state = new Watched<Telephone>(noTelephone)
  const lamps = new Watched<NumberLamps>({})
  let loading: Promise<SeatTelephone> | undefined
  let seat: Seat = { account: null, state: emptyState }

  const load = async (): Promise<SeatTelephone> => {
    const [{ openSeatTelephone }, sound, identity] = await Promise.all([
      import('./seat-telephone.ts'),
      options.sound.open(),
      seatIdentity(options.folder).catch((error) => {
        options.onTrouble('keeping the identity of the seat', error)
        return randomUUID()
      }),
    ])
    const telephone = openSeatTelephone({ ...options, seat: identity, sound })
    telephone.state.onChange((next) => state.set(next))
    telephone.lamps.onChange((next) => lamps.set(next))
    return telephone
  }
  const loaded = (): Promise<SeatTelephone> => loading ?? Promise.reject(new Refusal('no-line'))
  const through =
    <Args extends unknown[], Result>(act: (port: TelephonePort, ...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> =>
      act((await loaded()).port, ...args)

  const sit = async (account: Id | null, next: SharedState) => {
    const first = loading === undefined
    seat = { account, state: next }
    const has = account !== null && (next.access.accounts[account]?.lines?.length ?? 0) > 0
    if (has) loading ??= load()
    await loading?.then(
      // Whoever sits here by then: it may have taken a while.
      (telephone) => telephone.sit(seat.account, seat.state),
      (error) => {
        if (first) options.onTrouble('loading the telephone', error)
        state.set({ ...noTelephone, lines: failing(seat, error, options.clock()) })
      },
    )
  }

  return {
    state,
    lamps,
    sit,
    voice: {
      admit: async (into, onCallOver) => (await loaded()).voice.admit(into, onCallOver),
      reachOut: async (name, host) => (await loaded()).voice.reachOut(name, host),
      passOn: async (call, number) => (await loaded()).voice.passOn(call, number),
      expect: async (number) => (await loaded()).voice.expect(number),
    },
    joinIn: async (call, leg, onCallOver) => (await loaded()).joinIn(call, leg, onCallOver),
    port: {
      watch: (signal) => state.watch(signal, REST_MS),
      dial: through((port, what) => port.dial(what)),
      answer: through((port, call) => port.answer(call)),
      reject: through((port, call) => port.reject(call)),
      hangUp: through((port, call) => port.hangUp(call)),
      hold: through((port, call) => port.hold(call)),
      resume: through((port, call) => port.resume(call)),
      mute: through((port, call, muted) => port.mute(call, muted)),
      sendDtmf: through((port, call, digits) => port.sendDtmf(call, digits)),
      transfer: through((port, call, number) => port.transfer(call, number)),
      transferTo: through((port, call, other) => port.transferTo(call, other)),
      confer: through((port, calls) => port.confer(calls)),
      setDoNotDisturb: through((port, on) => port.setDoNotDisturb(on)),
      setForwarding: through((port, forwarding) => port.setForwarding(forwarding)),
      startGroup: through((port, order) => port.startGroup(order)),
      addToGroup: through((port, group, callees) => port.addToGroup(group, callees)),
      ringAgain: through((port, group, numbers) => port.ringAgain(group, numbers)),
      dropFromGroup: through((port, group, number) => port.dropFromGroup(group, number)),
      setHeard: through((port, group, number, heard) => port.setHeard(group, number, heard)),
      nextInRollCall: through((port, group) => port.nextInRollCall(group)),
      gatherRollCall: through((port, group) => port.gatherRollCall(group)),
      endGroup: through((port, group) => port.endGroup(group)),
      dismissGroup: through((port, group) => port.dismissGroup(group)),
      watchLamps: (signal) => lamps.watch(signal),
      watchLevels: async function* (signal) {
        yield* (await loaded()).port.watchLevels(signal)
      },
      setLinePassword: through((port, line, password) => port.setLinePassword(line, password)),
      carryMessage: through((port, what) => port.carryMessage(what)),
    },
    close: async () => {
      await (await loading?.catch(() => undefined))?.close()
    },
  }
}

/** The lines of whoever sits here, none of which can be used. */
function failing(seat: Seat, error: unknown, since: Instant): LineStatus[] {
  const { access, site } = seat.state
  const lines = seat.account === null ? [] : (access.accounts[seat.account]?.lines ?? [])
  const why = error instanceof Error ? error.message : String(error)
  return lines.flatMap(({ id, number, exchange }) => {
    const found = site?.exchanges.find((one) => one.id === exchange)
    return found === undefined ? [] : [{ id, number, exchange: found.name, state: 'failing', since, why }]
  })
}
