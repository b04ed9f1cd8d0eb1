/** A process with so many seats at a hub: each decodes every frame; how old positions are is told once a second. */
import { readFrame } from '../../contract/position-frame.ts'
import { connect } from '../../main/engine/hub-link/connection.ts'
import { ageOfStamp } from './stamp.ts'

interface Order {
  readonly hub: string
  readonly account: string
  readonly password: string
  readonly seats: number
}

/** One in so many records is timed, so that timing costs little. */
const TIMED = 50

process.on('message', async ({ hub, account, password, seats }: Order) => {
  const address = { url: hub, embedded: true }
  const ears = { up: () => undefined, down: () => undefined, over: () => undefined, frame: () => undefined }
  const { token } = await connect(address, undefined, ears).client.signIn.mutate({ account, password })
  const all = await Promise.all(
    Array.from({ length: seats }, async () => {
      const ages = new Ages()
      const seat = connect(address, token, { ...ears, frame: (bytes) => ages.take(bytes) })
      await seat.client.startPositions.mutate()
      return ages
    }),
  )
  process.send?.({ seated: seats })
  setInterval(() => {
    const taken = all.map((ages) => ages.empty())
    process.send?.({
      ages: taken.flatMap(({ ages }) => ages),
      records: taken.reduce((sum, { records }) => sum + records, 0),
    })
  }, 1000)
})
process.on('disconnect', () => process.exit(0))

class Ages {
  #ages: number[] = []
  #records = 0

  take(bytes: ArrayBuffer): void {
    readFrame(bytes)?.each(({ lat }) => {
      if (this.#records++ % TIMED === 0) this.#ages.push(ageOfStamp(lat))
    })
  }

  empty(): { ages: number[]; records: number } {
    const taken = { ages: this.#ages, records: this.#records }
    this.#ages = []
    this.#records = 0
    return taken
  }
}
