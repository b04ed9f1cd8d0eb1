/** What the status lamps say of the hub and of what comes through it. Pure. */
import type { Lamp } from '../../../contract/engine.ts'
import type { HubStatus } from '../../../contract/hub.ts'
import type { Instant } from '../../../contract/primitives.ts'

/** No report from anyone for so long: positions are up, but idle. */
const IDLE_AFTER_MS = 15_000

export interface LinkFacts {
  readonly hub: { readonly up: boolean; readonly since: Instant; readonly heardAt: Instant | null }
  readonly status: HubStatus | undefined
}

export function lampsOf({ hub, status }: LinkFacts, now: Instant): Lamp[] {
  const hubLamp: Lamp = { name: 'hub', state: hub.up ? 'up' : 'down', since: hub.since, heardAt: hub.heardAt }
  if (status === undefined) return [hubLamp]
  const { state, since, lastReportAt } = status.positions
  if (!hub.up)
    return [
      { name: 'video', state: 'down', since: hub.since, heardAt: null },
      { name: 'data', state: 'down', since: hub.since, heardAt: lastReportAt },
      hubLamp,
    ]
  const idleSince = (lastReportAt ?? since) + IDLE_AFTER_MS
  const idle = state === 'up' && now >= idleSince
  const { fault, ...video } = status.video
  return [
    { name: 'video', ...video, heardAt: null, ...(fault !== null && { fault }) },
    {
      name: 'data',
      state: idle ? 'idle' : state,
      since: idle ? idleSince : since,
      heardAt: lastReportAt,
    },
    hubLamp,
  ]
}
