/** Does things with one part of the engine and tells the officer what can't be done. */
import { App } from 'antd'
import { useExplain } from '../ui/refusal.ts'

/** Resolves with whether it was done. */
export function useDoing<Client>(
  client: Client,
): (act: (client: Client) => Promise<unknown>) => Promise<boolean> {
  const { message } = App.useApp()
  const explain = useExplain()
  return async (act) => {
    try {
      await act(client)
      return true
    } catch (error) {
      message.error(explain(error))
      return false
    }
  }
}
