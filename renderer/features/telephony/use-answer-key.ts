/** The key that answers whoever has waited longest. */
import { inAnsweringOrder } from '../../../contract/telephony.ts'
import { useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import { useTelephone } from './use-telephone.ts'

export function useAnswerKey(): void {
  const act = useTelephone()
  const first = useApp(({ telephony }) => inAnsweringOrder(telephony.calls)[0]?.id)
  useShortcut(
    'answer',
    () => first !== undefined && void act((telephone) => telephone.answer.mutate({ call: first })),
    first !== undefined,
  )
}
