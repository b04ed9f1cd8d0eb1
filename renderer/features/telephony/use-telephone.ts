/** Does things with the telephone and tells the officer what can't be done. */
import { App } from 'antd'
import { engine } from '../../app/engine.ts'
import { useExplain } from '../../ui/refusal.ts'

export type TelephoneClient = typeof engine.telephone

/** Resolves with whether it was done. */
export function useTelephone(): (act: (telephone: TelephoneClient) => Promise<unknown>) => Promise<boolean> {
  const { message } = App.useApp()
  const explain = useExplain()
  return async (act) => {
    try {
      await act(engine.telephone)
      return true
    } catch (error) {
      message.error(explain(error))
      return false
    }
  }
}
