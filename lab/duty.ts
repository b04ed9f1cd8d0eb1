/** The city at work: units are sent, arrive, are busy and are free again, told to the hub as a seat would tell it. */
import { randomUUID } from 'node:crypto'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { WebSocket } from 'ws'
import type { UnitState } from '../contract/directory.ts'
import { CONTRACT_VERSION, type HubRouter } from '../contract/hub.ts'
import type { Id } from '../contract/primitives.ts'
import { EXERCISE_ACCOUNT } from './city/demo-site.ts'
import { type Chance, chanceFrom } from './city/random.ts'

/** Milliseconds between two changes in the whole city, for 300 units. */
const PACE_MS = 4_000
const PACE_UNITS = 300
const SHORTEST_PACE_MS = 250

/** What a unit does next; now and then it goes straight back to being available. */
const next: Readonly<Record<UnitState, readonly [UnitState, ...UnitState[]]>> = {
  available: ['en-route'],
  'en-route': ['on-scene', 'on-scene', 'available'],
  'on-scene': ['busy', 'available'],
  busy: ['available'],
  'off-duty': ['off-duty'],
}

export interface DutyUnit {
  readonly id: Id
  readonly state: UnitState
}

/** Signs in at the hub and keeps the units at work. Resolves with what ends it. */
export async function keepOnDuty(hub: string, password: string, units: readonly DutyUnit[], seed: number) {
  const admission = await signIn(hub, password)
  const { client, close } = connect(hub, admission.token)
  const chance = chanceFrom(seed)
  const states = new Map(units.map(({ id, state }) => [id, state]))
  const pace = Math.max(SHORTEST_PACE_MS, (PACE_MS * PACE_UNITS) / Math.max(1, units.length))
  const timer = setInterval(() => {
    const unit = pickOne(units, chance)
    const state = unit && states.get(unit.id)
    if (unit === undefined || state === undefined) return
    const then = chance.pick(next[state])
    const command = { kind: 'unit.set-state' as const, unit: unit.id, state: then }
    client.submit.mutate({ key: randomUUID(), command }).then(
      () => states.set(unit.id, then),
      // The hub was away, or a person removed the unit: the city goes on with another.
      () => undefined,
    )
  }, pace)
  return () => {
    clearInterval(timer)
    close()
  }
}

async function signIn(hub: string, password: string) {
  const { client, close } = connect(hub, undefined)
  try {
    await client.hello.query({ contract: CONTRACT_VERSION })
    return await client.signIn.mutate({ account: EXERCISE_ACCOUNT, password })
  } finally {
    close()
  }
}

function connect(hub: string, token: string | undefined) {
  const socket = createWSClient({
    url: hub,
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
    connectionParams: token === undefined ? null : { token },
  })
  return {
    client: createTRPCClient<HubRouter>({ links: [wsLink({ client: socket })] }),
    close: () => void socket.close(),
  }
}

const pickOne = (units: readonly DutyUnit[], chance: Chance): DutyUnit | undefined =>
  units[Math.floor(chance.next() * units.length)]
