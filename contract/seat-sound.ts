/** The sound between engine and page: the engine offers a WebRTC connection, the page answers. */
import * as z from 'zod'

/** The page's answer to an offer of sound (RFC 3264), under the offer's numbers. */
export const soundAnswerSchema = z.strictObject({
  /** Goes up when the connection begins anew. */
  connection: z.int().min(0),
  /** Goes up with each offer. */
  round: z.int().min(0),
  sdp: z.string().max(500_000),
})
export type SoundAnswer = z.infer<typeof soundAnswerSchema>

/** The engine's offer for the sound between it and the page. */
export interface SoundOffer extends SoundAnswer {
  /** The `mid` (RFC 8843) that the page's microphone is to be sent on. */
  readonly microphone: string
  /** Which leg, named after its call, comes on which `mid`. */
  readonly downlinks: readonly { readonly mid: string; readonly leg: string }[]
}

/** Sound behind the engine contract. */
export interface SoundPort {
  /** For the page that asks last; one before it hears no more. */
  watchOffers(signal: AbortSignal): AsyncIterable<SoundOffer>
  takeAnswer(answer: SoundAnswer): Promise<void>
}
