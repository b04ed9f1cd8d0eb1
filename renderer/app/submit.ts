/** Gives a command to the hub and tells the officer what became of it, where that is not seen anyway. */
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Command } from '../../contract/commands.ts'
import type { Outcome } from '../../contract/engine.ts'
import { useExplain } from '../ui/refusal.ts'
import { engine } from './engine.ts'

/** `queued`: it will be done as soon as the hub is there. */
export function useSubmit(): (command: Command) => Promise<Outcome['kind'] | 'refused'> {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  return async (command) => {
    try {
      const outcome = await engine.state.submit.mutate(command)
      if (outcome.kind === 'queued') message.info(t('outbox.queued'))
      return outcome.kind
    } catch (error) {
      message.error(explain(error))
      return 'refused'
    }
  }
}
