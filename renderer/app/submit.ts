/** Gives a command to the hub and tells the officer what became of it, where that is not seen anyway. */
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Command } from '../../contract/commands.ts'
import type { Outcome } from '../../contract/engine.ts'
import type { Refused } from '../../contract/refusal.ts'
import { refusedBy } from '../../contract/rpc.ts'
import { useExplain } from '../ui/refusal.ts'
import { engine } from './engine.ts'

/** `queued`: it will be done as soon as the hub is there. `isShown`: this refusal is told where it was tried. */
type Submit = (
  command: Command,
  isShown?: (refused: Refused) => boolean,
) => Promise<Outcome['kind'] | 'refused'>

export function useSubmit(): Submit {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  return async (command, isShown) => {
    try {
      const outcome = await engine.state.submit.mutate(command)
      if (outcome.kind === 'queued') message.info(t('outbox.queued'))
      return outcome.kind
    } catch (error) {
      const refused = refusedBy(error)
      if (refused === undefined || isShown?.(refused) !== true) message.error(explain(error))
      return 'refused'
    }
  }
}
