import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { readFrame } from '../../contract/position-frame.ts'
import { unitTopic } from '../../contract/positions.ts'
import { loadSite } from '../../hub/directory/load.ts'
import { openHubStore } from '../../hub/store/open.ts'
import { connectDevice } from '../support/device.ts'
import { startTestHub } from '../support/hub.ts'
import { startMosquitto } from '../support/mosquitto.ts'
import { type TestSeat, takeSeat } from '../support/seat.ts'
import { documentOf, smallCity, smallCityWith } from '../support/site.ts'

const secretUnit = {
  id: 'covert-7f3a',
  name: { zh: '便衣七三', en: 'Plainclothes Seventy-Three' },
  agency: 'police',
  area: 'south',
  note: 'watching the harbour',
  reportEvery: 1,
  terminals: [
    { kind: 'sip', number: '990731' },
    { kind: 'owntracks', user: 'nightjar', device: 'burner' },
  ],
}
/** Whatever would give it away in text. */
const secrets = ['covert-7f3a', '便衣七三', 'Plainclothes', 'harbour', '990731', 'nightjar', 'burner']

describe('a seat that may not see a unit', () => {
  it('never receives a byte of it: while it moves, acts, is imported and changed; only while a grant lasts', async () => {
    const broker = await startMosquitto(onTestFinished, [
      { name: 'hub', password: 'the password of the hub', may: ['topic read #'] },
      { name: 'field', password: 'the password of the field', may: ['topic write #'] },
    ])
    const ca = broker.authority.cert
    const hub = await startTestHub(onTestFinished, {
      config: {
        broker: {
          kind: 'external',
          url: broker.url,
          username: 'hub',
          password: 'the password of the hub',
          ca,
        },
      },
    })
    const field = await connectDevice(onTestFinished, broker.url, {
      username: 'field',
      password: 'the password of the field',
      ca,
    })
    const database = await openHubStore({ kind: 'sqlite', folder: hub.folder })
    onTestFinished(database.close)
    const load = (site: object) => loadSite(database, hub.journal, documentOf(site))

    const blind = await Promise.all(
      ['north-officer', 'fire-officer', 'guest'].map((account) => takeSeat(onTestFinished, hub.url, account)),
    )
    const sighted = await takeSeat(onTestFinished, hub.url, 'supervisor')
    const admin = await takeSeat(onTestFinished, hub.url, 'admin')
    const seats = [...blind, sighted]
    const views = seats.map((seat) => seat.watchState())
    for (const seat of seats) await seat.client.startPositions.mutate()
    await vi.waitFor(() => {
      for (const view of views) expect(view.state()).toBeDefined()
    })

    const indexOf = () => hub.journal.state.directory.units['covert-7f3a']?.index
    const command = (seat: TestSeat, wish: Command) =>
      seat.client.submit.mutate({ key: randomUUID(), command: wish })
    let lat = 32
    /** The secret unit reports and acts, then one that everybody sees; by then all of it has come or never will. */
    const act = async () => {
      lat += 0.0001
      const now = Date.now()
      await field.publish(unitTopic('police', 'covert-7f3a'), { t: now, lat, lon: 118 })
      await field.publish(
        'owntracks/nightjar/burner',
        JSON.stringify({ _type: 'location', tst: Math.floor(now / 1000) + 1, lat, lon: 118 }),
      )
      for (const state of ['busy', 'available'] as const)
        await command(sighted, { kind: 'unit.set-state', unit: 'covert-7f3a', state })
      await field.publish(unitTopic('fire', 'north-engine'), { t: now, lat, lon: 118 })
      const seen = hub.journal.state.directory.units['north-engine']
      await command(sighted, {
        kind: 'unit.set-state',
        unit: 'north-engine',
        state: seen?.state === 'busy' ? 'available' : 'busy',
      })
      await vi.waitFor(() => {
        expect(sighted.positions.get(indexOf() ?? -1)?.lat).toBe(Math.round(lat * 1e7))
        for (const seat of blind.slice(0, 2))
          expect(seat.positions.get(seen?.index ?? -1)?.lat).toBe(Math.round(lat * 1e7))
        for (const view of views.slice(0, 2)) expect(view.seq()).toBe(hub.journal.seq)
      })
    }
    const seesNothing = (seat: TestSeat, from = 0) => {
      const received = seat.bytes().subarray(from)
      for (const secret of secrets) expect(received.includes(secret), secret).toBe(false)
    }
    const neverHadItsIndex = (seat: TestSeat, fromFrame = 0) => {
      for (const bytes of seat.frames.slice(fromFrame))
        readFrame(bytes)?.each(({ index }) => expect(index).not.toBe(indexOf()))
    }
    const blindSeesNothing = () => {
      for (const seat of blind) {
        seesNothing(seat)
        neverHadItsIndex(seat)
      }
    }

    // It comes into being, moves and acts.
    await load(smallCityWith({ units: [...smallCity.units, secretUnit] }))
    await act()
    await act()
    blindSeesNothing()
    expect(sighted.bytes().includes('covert-7f3a')).toBe(true)

    // It is changed in every way a site file can.
    const renamed = { ...secretUnit, name: { zh: '便衣七三号', en: 'Plainclothes' }, crew: 2 }
    await load(smallCityWith({ units: [...smallCity.units, renamed] }))
    await act()
    blindSeesNothing()

    // Somebody asks for it by name.
    const [north, fire, guest] = blind
    if (north === undefined || fire === undefined || guest === undefined) throw new Error('there are three')
    for (const seat of blind) {
      const before = seat.bytes().length
      await expect(seat.client.positionOf.query({ unit: 'covert-7f3a' })).rejects.toThrow()
      await expect(
        command(seat, { kind: 'unit.set-state', unit: 'covert-7f3a', state: 'busy' }),
      ).rejects.toThrow()
      // The refusal repeats the id the seat itself sent, and knows nothing more.
      const answer = seat.bytes().subarray(before).toString()
      for (const secret of secrets.slice(1)) expect(answer).not.toContain(secret)
    }

    // A guest is granted a view, sees it, and loses it again by hand.
    const give = (id: string, until: number | null) =>
      command(admin, {
        kind: 'grant.give',
        grant: {
          id,
          subject: { kind: 'account', account: 'guest' },
          capabilities: ['view'],
          scope: { kind: 'area', area: 'south' },
          until,
        },
      })
    const guestView = views[2]
    const guestSees = (sees: boolean) =>
      vi.waitFor(
        () => {
          expect(Object.keys(guestView?.state()?.directory.units ?? {}).includes('covert-7f3a')).toBe(sees)
          expect(guest.positions.has(indexOf() ?? -1)).toBe(sees)
        },
        { timeout: 10_000 },
      )
    await give('g1', null)
    await guestSees(true)
    await act()
    expect(guest.bytes().includes('990731')).toBe(true)
    await command(admin, { kind: 'grant.end', grant: 'g1', reason: 'over' })
    await guestSees(false)
    const marks = () => ({ bytes: guest.bytes().length, frames: guest.frames.length })
    const afterHand = marks()
    await act()
    seesNothing(guest, afterHand.bytes)
    neverHadItsIndex(guest, afterHand.frames)

    // And once more, until it runs out by itself.
    await give('g2', Date.now() + 1_500)
    await guestSees(true)
    await guestSees(false)
    const afterExpiry = marks()
    await act()
    seesNothing(guest, afterExpiry.bytes)
    neverHadItsIndex(guest, afterExpiry.frames)

    // It moves to where the officer of the north sees it, and away again.
    const moved = { ...renamed, area: 'north' }
    await load(smallCityWith({ units: [...smallCity.units, moved] }))
    await vi.waitFor(() => expect(north.positions.has(indexOf() ?? -1)).toBe(true))
    await load(smallCityWith({ units: [...smallCity.units, renamed] }))
    await vi.waitFor(() => {
      expect(views[0]?.state()?.directory.units).not.toHaveProperty('covert-7f3a')
      expect(north.positions.has(indexOf() ?? -1)).toBe(false)
    })
    const afterMove = { bytes: north.bytes().length, frames: north.frames.length }
    await act()
    seesNothing(north, afterMove.bytes)
    neverHadItsIndex(north, afterMove.frames)

    // It goes; and to the end one of them never had anything.
    await load(smallCity)
    await vi.waitFor(() => expect(views[3]?.state()?.directory.units).not.toHaveProperty('covert-7f3a'))
    for (const secret of secrets.slice(1)) expect(fire.bytes().includes(secret), secret).toBe(false)
  }, 90_000)
})
