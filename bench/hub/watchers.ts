/** A process with so many seats that follow the shared state; the first of them may act. How old what they read is, is told once a second. */
import { randomUUID } from 'node:crypto'
import type { Happening } from '../../contract/events.ts'
import { connect } from '../../main/engine/hub-link/connection.ts'

export interface Order {
  readonly hub: string
  readonly password: string
  readonly seats: number
  /** How often the first seat writes a note; 0: never. */
  readonly perSecond: number
}

/** After it the first seat writes no more. */
export type Stop = 'stop'

export type Report = { readonly seated: number } | { readonly ages: readonly number[]; readonly sent: number }

const INCIDENT = 'bench-incident'
const TELL_EVERY_MS = 1_000
const now = (): number => performance.timeOrigin + performance.now()

let writing: NodeJS.Timeout | undefined

process.on('message', (message: Order | Stop) => {
  if (message === 'stop') clearInterval(writing)
  else void begin(message)
})

async function begin({ hub, password, seats, perSecond }: Order): Promise<void> {
  const address = { url: hub, embedded: true }
  const ears = { up: () => undefined, down: () => undefined, over: () => undefined, frame: () => undefined }
  const { token } = await connect(address, undefined, ears).client.signIn.mutate({
    account: 'duty',
    password,
  })
  let ages: number[] = []
  let sent = 0
  const hear = (event: Happening) => {
    if (event.kind === 'incident.noted') ages.push(now() - Number(event.data.text))
  }
  const all = await Promise.all(
    Array.from({ length: seats }, async () => {
      const { client } = connect(address, token, ears)
      await new Promise<void>((resolve) => {
        client.watchState.subscribe(
          {},
          {
            onData: ({ data }) => {
              if (data.kind === 'snapshot') resolve()
              else for (const event of data.events) hear(event)
            },
          },
        )
      })
      return client
    }),
  )
  const [actor] = all
  if (perSecond > 0 && actor !== undefined) {
    const details = {
      title: 'Bench',
      category: 'other',
      area: 'city',
      place: null,
      address: null,
      caller: null,
    } as const
    const open = {
      kind: 'incident.open',
      id: INCIDENT,
      details,
      source: { kind: 'hand' },
      grade: null,
    } as const
    await actor.submit.mutate({ key: randomUUID(), command: open })
    writing = setInterval(() => {
      sent++
      const note = { kind: 'incident.note', incident: INCIDENT, text: `${now()}`, task: null } as const
      void actor.submit.mutate({ key: randomUUID(), command: note })
    }, 1_000 / perSecond)
  }
  process.send?.({ seated: seats } satisfies Report)
  setInterval(() => {
    process.send?.({ ages, sent } satisfies Report)
    ages = []
    sent = 0
  }, TELL_EVERY_MS)
}
process.on('disconnect', () => process.exit(0))
