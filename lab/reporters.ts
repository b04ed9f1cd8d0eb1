/** Tells positions to the broker as the field's devices would: gateways by agency, phones each for itself. */
import { connectAsync, type MqttClient } from 'mqtt'
import { unitTopic } from '../contract/positions.ts'
import type { SiteDocument } from '../contract/site.ts'
import { owntracksTopic } from '../contract/site.ts'
import type { Reported } from './city/traveller.ts'

type SiteUnit = SiteDocument['units'][number]

export interface Reporters {
  report(unit: SiteUnit, at: Reported, now: number): void
  close(): Promise<void>
}

/** `broker` is mqtt://host:port. Devices come from the site document, with their passwords. */
export async function openReporters(broker: string, { devices, units }: SiteDocument): Promise<Reporters> {
  const open = async (user: string, password: string | undefined) => {
    const client = await connectAsync(broker, {
      username: user,
      ...(password !== undefined && { password }),
      clientId: `lab-${user}`,
      reconnectPeriod: 1000,
    })
    // The client reconnects by itself; until then reports are simply not told.
    client.on('error', () => undefined)
    return client
  }
  const gateways = new Map<string, MqttClient>()
  const phones = new Map<string, MqttClient>()
  await Promise.all(
    devices.map(async ({ user, password, publishes }) => {
      const client = await open(user, password)
      if (publishes.kind === 'agency') gateways.set(publishes.agency, client)
      else phones.set(publishes.unit, client)
    }),
  )
  const topics = new Map(
    units.flatMap((unit) => {
      const topic = unit.terminals.map(owntracksTopic).find((found) => found !== undefined)
      return topic === undefined ? [] : [[unit.id, topic] as const]
    }),
  )
  const publish = (client: MqttClient | undefined, topic: string, message: object) => {
    if (client?.connected) client.publish(topic, JSON.stringify(message))
  }
  return {
    report: (unit, at, now) => {
      const phone = topics.get(unit.id)
      if (phone !== undefined) publish(phones.get(unit.id), phone, ownTracks(at, now))
      else publish(gateways.get(unit.agency), unitTopic(unit.agency, unit.id), ownReport(at, now))
    },
    close: async () => {
      await Promise.all([...gateways.values(), ...phones.values()].map((client) => client.endAsync(true)))
    },
  }
}

const round = (value: number, places: number): number => Number(value.toFixed(places))

const ownReport = ({ lat, lon, speed, heading }: Reported, now: number) => ({
  t: now,
  lat: round(lat, 7),
  lon: round(lon, 7),
  speed: round(speed, 1),
  ...(heading !== undefined && { heading: round(heading, 0) }),
  accuracy: 6,
  battery: 80,
})

const ownTracks = ({ lat, lon, speed, heading }: Reported, now: number) => ({
  _type: 'location',
  tst: Math.floor(now / 1000),
  lat: round(lat, 6),
  lon: round(lon, 6),
  vel: Math.round(speed * 3.6),
  ...(heading !== undefined && { cog: Math.round(heading) }),
  acc: 9,
  batt: 64,
  tid: 'wf',
})
