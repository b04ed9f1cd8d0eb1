/** What a watched number is doing, from its dialog-info document (RFC 4235). */

import type { NumberState } from '../../../../contract/favourites.ts'

const dialogue = /<(?:\w+:)?dialog[\s>]/
const state = /<(?:\w+:)?state(?:\s[^>]*)?>\s*([a-z]+)\s*</
/** Longer documents are about more than one phone. */
const LONGEST = 32 * 1024

/** Busy if it talks in any dialogue, ringing if none and one is being made. */
export function numberStateOf(document: string): NumberState {
  if (document.length > LONGEST || !/<(?:\w+:)?dialog-info[\s>]/.test(document)) return 'unknown'
  const [, ...dialogues] = document.split(dialogue)
  const states = dialogues.map((one) => state.exec(one)?.[1])
  if (states.includes('confirmed')) return 'busy'
  const begun = ['trying', 'proceeding', 'early']
  return states.some((one) => one !== undefined && begun.includes(one)) ? 'ringing' : 'idle'
}
