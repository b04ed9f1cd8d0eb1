/** Does things with the radio and tells the officer what can't be done. */
import { App } from 'antd'
import { engine } from '../../app/engine.ts'
import { useExplain } from '../../ui/refusal.ts'

export type RadioClient = typeof engine.radio

/** Resolves with whether it was done. */
export function useRadio(): (act: (radio: RadioClient) => Promise<unknown>) => Promise<boolean> {
  const { message } = App.useApp()
  const explain = useExplain()
  return async (act) => {
    try {
      await act(engine.radio)
      return true
    } catch (error) {
      message.error(explain(error))
      return false
    }
  }
}
