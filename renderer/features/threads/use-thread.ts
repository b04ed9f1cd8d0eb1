/** Opens a thread of messages in its panel. */
import type { ThreadName } from '../../../contract/threads.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { useSend } from '../../app/store.ts'
import { threadOpened } from './slice.ts'

export function useOpenThread(): (thread: ThreadName) => void {
  const send = useSend()
  return (thread) => {
    send(threadOpened({ thread }))
    askForPanel('messages')
  }
}
