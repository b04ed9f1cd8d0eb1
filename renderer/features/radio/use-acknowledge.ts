/** Acknowledges an alarm: silent here at once, and with everybody else when the hub has it. */
import { useSend } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { alarmAcknowledged, alarmStandsStill } from './slice.ts'

export function useAcknowledge(): (alarm: string) => Promise<void> {
  const send = useSend()
  const submit = useSubmit()
  return async (alarm) => {
    send(alarmAcknowledged(alarm))
    const outcome = await submit({ kind: 'alarm.acknowledge', alarm })
    if (outcome === 'refused') send(alarmStandsStill(alarm))
  }
}
