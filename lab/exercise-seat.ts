/** The exercise control's seat at the hub: signs in and gives commands as any seat would. */
import { randomUUID } from 'node:crypto'
import type { Command } from '../contract/commands.ts'
import { emptyState, fold, type SharedState } from '../contract/state.ts'
import { EXERCISE_ACCOUNT } from './city/demo-site.ts'
import { openHubSeat } from './hub-seat.ts'

export interface ExerciseSeat {
  /** Rejects where the hub is away or refuses. */
  submit(command: Command): Promise<void>
  /** Calls `listener` with the shared state as it is and as it becomes. Returns its own undoing. */
  follow(listener: (state: SharedState) => void): () => void
  close(): void
}

/** `hub` is ws://host:port/seat. Rejects where the hub can't be reached or does not know the password. */
export async function openExerciseSeat(hub: string, password: string): Promise<ExerciseSeat> {
  const { client, close } = await openHubSeat(hub, EXERCISE_ACCOUNT, password)
  return {
    submit: async (command) => {
      await client.submit.mutate({ key: randomUUID(), command })
    },
    follow: (listener) => {
      let state = emptyState
      const { unsubscribe } = client.watchState.subscribe(
        { lastEventId: null },
        {
          onData: ({ data }) => {
            state = data.kind === 'snapshot' ? data.state : fold(state, data.events)
            listener(state)
          },
        },
      )
      return unsubscribe
    },
    close,
  }
}
