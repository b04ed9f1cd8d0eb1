/** Brings the card of the selected incident forward; a form that was begun is left. */
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { useSend } from '../../app/store.ts'
import { assigningAsked, draftEnded } from './slice.ts'

export function useShowIncident() {
  const send = useSend()
  const show = () => {
    send(draftEnded())
    askForPanel('incident')
  }
  return {
    show,
    /** With the form for a task, ready to be written. */
    assign: () => {
      show()
      send(assigningAsked(true))
    },
  }
}
