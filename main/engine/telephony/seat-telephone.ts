/** The telephone put together: lines over SIP, calls at the officer's desk, sound to the page, records to the hub. */
import { setInterval } from 'node:timers/promises'
import type { Command } from '../../../contract/commands.ts'
import type { NumberLamps } from '../../../contract/favourites.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type { CallLevels, TelephonePort } from '../../../contract/seat-telephone.ts'
import type { SeatSettings } from '../../../contract/settings.ts'
import type { SharedState } from '../../../contract/state.ts'
import type { Watched } from '../../../contract/watched.ts'
import type { HubLink } from '../hub-link/hub-link.ts'
import type { Leg } from '../media/leg.ts'
import type { PageSound } from '../media/page-sound.ts'
import type { ShellLink } from '../shell-link.ts'
import type { SeatVoice } from '../supervision/seat-voice.ts'
import { openCallVoice } from './call-voice.ts'
import { openDesk } from './desk.ts'
import { openFavouriteLamps } from './favourite-lamps.ts'
import { openCallLedger } from './ledger.ts'
import { openLine } from './line.ts'
import { PatchedIn } from './patched-in.ts'
import { openSeatVoice } from './seat-voice.ts'
import { openTelephone, type Switchboard } from './telephone.ts'
import type { TextsOptions } from './texts.ts'

const LEVELS_EVERY_MS = 150

export interface SeatTelephoneOptions {
  readonly clock: () => Instant
  /** Where the engine keeps its own files. */
  readonly folder: string
  /** Its identity, a UUID. */
  readonly seat: string
  readonly sound: Pick<PageSound, 'openLeg'>
  readonly shell: ShellLink
  readonly settings: Watched<SeatSettings>
  readonly submit: HubLink['submit']
  readonly claim: TextsOptions['claim']
  onTrouble(what: string, error: unknown): void
}

/** `hearsOfficer`: false where it hears the officer elsewhere. */
type JoiningLeg = Leg & { readonly hearsOfficer?: boolean }

export interface SeatTelephone {
  readonly port: TelephonePort
  readonly state: Switchboard['state']
  readonly voice: SeatVoice
  /**
   * The leg is in the conversation of the call, wherever that goes: all but the officer hear it. Resolves with its
   * undoing, rejects with a `Refusal` if the officer isn't in the call. `onCallOver`: it is out of it.
   */
  joinIn(call: string, leg: JoiningLeg, onCallOver: () => void): Promise<() => void>
  /** What the favourites of whoever sits here are doing. */
  readonly lamps: Watched<NumberLamps>
  /**
   * Who sits here, and what is known of the site. Null: nobody; calls end, and their records still go out in the
   * name of whoever sat here.
   */
  sit(account: Id | null, state: SharedState): void
  close(): Promise<void>
}

export function openSeatTelephone(options: SeatTelephoneOptions): SeatTelephone {
  const { clock, folder, seat, sound, shell, settings, onTrouble } = options
  const submit = (account: Id, command: Command) => options.submit(command, account)
  const ledger = openCallLedger({ folder, submit, onTrouble })
  const desk = openDesk({ openConsoleLeg: (call) => sound.openLeg(call) })
  const board = openTelephone({
    clock,
    ledger,
    headset: desk,
    lines: {
      readPassword: (line) => shell.wish('line-password.read', { line }),
      openLine: (options) => {
        const { srtp = false, authorities } = options.exchange
        return openLine({
          ...options,
          seat,
          openMedia: (server) => openCallVoice(server, srtp),
          ...(authorities !== undefined && { port: { authorities } }),
        })
      },
    },
    submit,
    claim: options.claim,
    onTrouble,
  })
  const lamps = openFavouriteLamps(board)
  lamps.keep(settings.value.favourites)
  const stopFollowing = settings.onChange(({ favourites }) => lamps.keep(favourites))
  return {
    state: board.state,
    voice: openSeatVoice(desk, board),
    joinIn: async (call, leg, onCallOver) => {
      const visitor = new PatchedIn(leg, leg.hearsOfficer ?? true, onCallOver)
      if (!desk.admit(call, visitor)) throw new Refusal('call-over')
      return () => visitor.leave()
    },
    lamps: lamps.state,
    port: {
      watch: (signal) => board.state.watch(signal),
      dial: async (what) => board.dial(what),
      answer: (call) => board.answer(call),
      reject: async (call) => board.reject(call),
      hangUp: async (call) => board.hangUp(call),
      hold: (call) => board.hold(call),
      resume: (call) => board.resume(call),
      mute: async (call, muted) => board.mute(call, muted),
      sendDtmf: async (call, digits) => board.sendDtmf(call, digits),
      transfer: (call, number) => board.transfer(call, number),
      transferTo: (call, other) => board.transferTo(call, other),
      confer: (calls) => board.confer(calls),
      setDoNotDisturb: async (on) => board.setDoNotDisturb(on),
      setForwarding: async (forwarding) => board.setForwarding(forwarding),
      startGroup: async (order) => board.startGroup(order),
      addToGroup: async (group, callees) => board.addToGroup(group, callees),
      ringAgain: async (group, numbers) => board.groups.ringAgain(group, numbers ?? undefined),
      dropFromGroup: async (group, number) => board.groups.drop(group, number),
      setHeard: async (group, number, heard) => board.groups.setHeard(group, number, heard),
      nextInRollCall: async (group) => board.groups.next(group),
      gatherRollCall: async (group) => board.groups.gather(group),
      endGroup: async (group) => board.groups.end(group),
      dismissGroup: async (group) => board.groups.dismiss(group),
      watchLamps: (signal) => lamps.state.watch(signal),
      watchLevels: (signal) => levelsOf(board, signal),
      setLinePassword: async (line, password) => {
        await shell.wish('line-password.set', { line, password })
        board.passwordSet(line)
      },
      carryMessage: (what) => board.carryMessage(what),
    },
    sit: (account, state) => {
      board.sit(account, state)
      lamps.sit(account, state)
    },
    close: async () => {
      stopFollowing()
      await board.close()
      await ledger.close()
    },
  }
}

/** Each is told how loud it has been since the last time: one page looks. */
async function* levelsOf(board: Switchboard, signal: AbortSignal): AsyncGenerator<CallLevels> {
  try {
    for await (const _ of setInterval(LEVELS_EVERY_MS, undefined, { signal })) yield board.levels()
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
