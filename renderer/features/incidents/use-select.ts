/** Selects an incident, so that what is done from now on belongs to it. */
import { App } from 'antd'
import type { Id } from '../../../contract/primitives.ts'
import { engine } from '../../app/engine.ts'
import { useExplain } from '../../ui/refusal.ts'
import { useShowIncident } from './use-show.ts'

export function useSelectIncident(): (incident: Id | null) => void {
  const { show } = useShowIncident()
  const { message } = App.useApp()
  const explain = useExplain()
  return (incident) => {
    if (incident !== null) show()
    engine.incidents.select.mutate({ incident }).catch((error) => message.error(explain(error)))
  }
}
