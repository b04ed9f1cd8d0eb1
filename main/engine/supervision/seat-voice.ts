/** What acts between seats ask of the telephone. Methods reject with a `Refusal` for what is expected to go wrong. */
import type { ListeningMode } from '../../../contract/supervision.ts'

/** Somebody from another seat in a call of this one. */
export interface AdmittedVoice {
  /** To the offer it came with. */
  readonly answer: string
  setMode(mode: ListeningMode): void
  leave(): void
}

/** This officer's ears and mouth at another seat. The microphone stays shut until it is opened. */
export interface VoiceThere {
  readonly offer: string
  accept(answer: string): Promise<void>
  setOpen(open: boolean): void
  /** How long nothing has come in, ms. */
  silentMs(): number
  close(): void
}

export interface SeatVoice {
  /** `onCallOver`: the call has ended, and with it what was let in. */
  admit(
    into: { readonly call: string; readonly offer: string; readonly mode: ListeningMode },
    onCallOver: () => void,
  ): Promise<AdmittedVoice>
  /** The page knows the leg by this name. `host`: from there the address of this seat is seen as others see it. */
  reachOut(name: string, host: string): Promise<VoiceThere>
  /** A call that waits here goes to this number. Resolves when it is there, or on its way. */
  passOn(call: string, number: string): Promise<void>
  /** The next call in from this number is answered by itself. Resolves with its undoing. */
  expect(number: string): Promise<() => void>
}
