/** Says how far this seat's account has got and read a thread. */
import type { Mark, ThreadName } from '../../../contract/threads.ts'
import { engine } from '../../app/engine.ts'

export function markMessages(mark: Mark & { readonly thread: ThreadName }): void {
  // The officer has not asked for it, and is told nothing of it; the next mark says what this one did not.
  engine.state.submit.mutate({ kind: 'message.mark', ...mark }).catch(() => undefined)
}
