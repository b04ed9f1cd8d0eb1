/** Messages of a thread, in their order, of which some may not be known here. Pure. */
import type { Message } from '../../../contract/threads.ts'

/** The newest of them as far back as none is missing: while the hub was away more may have been said than it tells now. */
export function withoutGaps<T extends Pick<Message, 'number'>>(messages: readonly T[]): readonly T[] {
  const gap = messages.findLastIndex(({ number }, at) => at > 0 && messages[at - 1]?.number !== number - 1)
  return gap === -1 ? messages : messages.slice(gap)
}
