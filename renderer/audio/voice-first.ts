/**
 * The sound is there as long as the seat has lines or channels, whatever is on the screen. Where a call or a talker is
 * heard while the page is loaded anew it comes before all that is seen: the other side waits in silence.
 */
import { onSelected, type RootState, store } from '../app/store.ts'
import { followSound } from './sound.ts'

/** Survives the page, not the window. */
const TALKING = 'talking'
/** What is seen does not wait longer. */
const LONGEST_WAIT_MS = 1_500

const hasVoices = ({ telephony, radio }: RootState): boolean =>
  telephony.lines.length > 0 || radio.radio.channels.length > 0
const isTalking = ({ telephony, radio }: RootState): boolean =>
  telephony.calls.some(({ answeredAt, state }) => answeredAt !== null && state !== 'ended') ||
  radio.radio.channels.some(({ reception }) => reception.squelch === 'open')

/** Resolves when the rest of the page may be loaded: at once, unless a call goes on. */
export function startSound(): Promise<void> {
  const talked = sessionStorage.getItem(TALKING) !== null
  const { promise: heard, resolve } = Promise.withResolvers<void>()
  let stop = talked ? followSound(resolve) : undefined
  onSelected(hasVoices, () => {
    if (hasVoices(store.getState())) stop ??= followSound()
    else {
      stop?.()
      stop = undefined
    }
  })
  onSelected(isTalking, () => {
    if (isTalking(store.getState())) sessionStorage.setItem(TALKING, '')
    else sessionStorage.removeItem(TALKING)
  })
  if (!talked) return Promise.resolve()
  const late = new Promise<void>((tell) => {
    setTimeout(tell, LONGEST_WAIT_MS)
  })
  return Promise.race([heard, late])
}
