/** Expected failures: a code that programs and translations know, and the particulars a person needs. */

export const refusalCodes = [
  'not-signed-in',
  'wrong-password',
  'locked-out',
  'forbidden',
  'not-found',
  'invalid',
  'conflict',
  'contract-mismatch',
  'hub-unreachable',
  'store-unavailable',
  'too-many',
  'unknown-certificate',
  'no-line',
  'no-number',
  'call-over',
  'not-answered',
  'exchange-refused',
  'seat-unreachable',
  'no-channel',
  'channel-refused',
  'not-now',
  'changed-meanwhile',
  'tasks-open',
  'own-closing',
  'no-field-account',
  'already-carried',
  'patch-loop',
  'video-down',
  'steered-by-other',
  'camera-failed',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

export interface Refused {
  readonly code: RefusalCode
  /** Filled into the translated sentence. */
  readonly particulars: Readonly<Record<string, string | number>>
}

export class Refusal extends Error implements Refused {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly particulars: Readonly<Record<string, string | number>>

  constructor(code: RefusalCode, particulars: Readonly<Record<string, string | number>> = {}) {
    super(`${code} ${JSON.stringify(particulars)}`)
    this.code = code
    this.particulars = particulars
  }
}
