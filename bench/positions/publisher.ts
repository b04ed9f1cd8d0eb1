/** A process that publishes so many positions a second, each unit once a second. */
import { connectAsync } from 'mqtt'
import { stampedLat } from './stamp.ts'

interface Order {
  readonly broker: string
  readonly username: string
  readonly password: string
  /** `agency/unit` */
  readonly units: readonly string[]
  readonly perSecond: number
}

const TICK_MS = 10
const CONNECTIONS = 4

process.on('message', async ({ broker, username, password, units, perSecond }: Order) => {
  const clients = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => connectAsync(broker, { username, password })),
  )
  const began = performance.now()
  let sent = 0
  setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
    for (; sent < due; sent++) {
      const unit = units[sent % units.length]
      const report = { t: Date.now(), lat: stampedLat(), lon: 118.78, speed: 5, heading: 90, accuracy: 100 }
      clients[sent % CONNECTIONS]?.publish(`wf/v1/${unit}/position`, JSON.stringify(report))
    }
    process.send?.({ sent })
  }, TICK_MS)
})
process.on('disconnect', () => process.exit(0))
