/** Sends one message to many units, each in its own thread, and keeps what became of it. */
import type { Id } from '../../../contract/primitives.ts'
import { engine } from '../../app/engine.ts'
import { useSend } from '../../app/store.ts'
import { broadcastBegun, broadcastSent } from './slice.ts'

export function useBroadcast(): (units: readonly Id[], text: string) => void {
  const send = useSend()
  return (units, text) => {
    const sent = units.map((unit) => ({ unit, message: crypto.randomUUID(), outcome: 'waiting' as const }))
    send(broadcastBegun({ text, at: Date.now(), sent }))
    for (const { unit, message } of sent)
      engine.state.submit
        .mutate({
          kind: 'message.send',
          id: message,
          thread: { kind: 'unit', unit },
          text,
          place: null,
        })
        .then(
          // What waits in the outbox is seen in its thread when the hub has it.
          ({ kind }) => {
            if (kind === 'done') send(broadcastSent({ message, outcome: 'done' }))
          },
          () => send(broadcastSent({ message, outcome: 'refused' })),
        )
  }
}
