/** The lab's radio as a seat hears it: the channels of the demonstration site, through the engine's drivers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { siteDocumentSchema } from '../../contract/site.ts'
import { type CityRadio, openCityRadio } from '../../lab/city-radio.ts'
import { realTime, type Time } from '../../lab/exchange/time.ts'
import { openRtpDriver } from '../../main/engine/radio/drivers/rtp.ts'
import { openSipDriver } from '../../main/engine/radio/drivers/sip.ts'
import { type AtEnd, endings } from '../support/at-end.ts'
import { openTestDriver, type TestDriver } from '../support/channel-driver.ts'
import { loudness } from '../support/tone.ts'

const resources = join(import.meta.dirname, '../../resources')
const site = siteDocumentSchema.parse(parse(readFileSync(join(resources, 'demo-site.yaml'), 'utf8')))
const patience = { timeout: 30_000, interval: 20 }
/** Pauses are a fiftieth of what they are; voices take their time. */
const hurried: Time = { now: realTime.now, later: (ms, act) => realTime.later(ms / 50, act) }

const { atEnd, run } = endings()
afterAll(run)
let city: CityRadio
beforeAll(async () => {
  city = await openCityRadio(site, resources, { seed: 1, time: hurried })
  atEnd(() => city.close())
})

function tuneIn(end: AtEnd, channel: string): TestDriver {
  const access = city.places.find((place) => place.channel === channel)?.access
  if (access?.kind === 'rtp') return openTestDriver(end, (options) => openRtpDriver(access, options))
  if (access?.kind === 'sip') return openTestDriver(end, (options) => openSipDriver(access, options))
  throw new Error(`${channel} is not run`)
}

/** Of those who are heard on a channel. */
const radiosOf = ({ reports }: TestDriver): string[] =>
  reports.flatMap((report) => ('radio' in report && report.radio ? [report.radio] : []))

const agencyOf = (radio: string | undefined): string | undefined =>
  site.units.find(({ terminals }) =>
    terminals.some((terminal) => terminal.kind === 'radio' && terminal.number === radio),
  )?.agency

/** Together, for voices take their time. */
describe.concurrent('the city’s radio', () => {
  it('is on every channel of the demonstration site, nowhere twice', () => {
    expect(city.places.map(({ channel }) => channel)).toEqual(site.channels.map(({ id }) => id))
    const ports = city.places.map(({ access }) => ('port' in access ? access.port : undefined))
    expect(new Set(ports).size).toBe(site.channels.length)
  })

  it.for([
    ['police-city', 'police'],
    ['fire', 'fire'],
    ['medical', 'medical'],
    ['urban-gulou', 'urban-management'],
    ['municipal', 'municipal'],
  ] as const)(
    '%s has units of its agency that talk and say which they are',
    async ([channel, agency], { onTestFinished }) => {
      const seat = tuneIn(onTestFinished, channel)
      await vi.waitFor(() => expect(radiosOf(seat).length).toBeGreaterThan(0), patience)
      for (const radio of radiosOf(seat)) expect(agencyOf(radio)).toBe(agency)
      await vi.waitFor(() => expect(loudness(seat.heard())).toBeGreaterThan(0.01), patience)
      await vi.waitFor(() => expect(seat.told()).toContain('squelch-closed'), patience)
    },
  )

  it('is behind a gateway, too', async ({ onTestFinished }) => {
    const seat = tuneIn(onTestFinished, 'police-air')
    await vi.waitFor(() => expect(seat.told()).toContain('squelch-open'), patience)
    await vi.waitFor(() => expect(loudness(seat.heard())).toBeGreaterThan(0.01), patience)
  })

  it('has one call for help when it is asked to, that says who it is', async ({ onTestFinished }) => {
    const seat = tuneIn(onTestFinished, 'common')
    await vi.waitFor(() => expect(seat.told()).toContain('up'), patience)
    await city.callForHelp('common', '30003')
    expect(seat.reports).toContainEqual({ kind: 'alarm', radio: '30003' })
  })

  it.for(['common', 'police-air'])(
    'answers a seat that has called on %s',
    async (channel, { onTestFinished }) => {
      const seat = tuneIn(onTestFinished, channel)
      await vi.waitFor(() => expect(seat.told()).toContain('up'), patience)
      await vi.waitFor(() => {
        if (seat.told().at(-1) === 'squelch-open') throw new Error('somebody talks')
        seat.driver.key(false)
        expect(seat.told()).toContain('keyed')
      }, patience)
      const stop = seat.speak(700)
      await vi.waitFor(() => expect(seat.spoken()).toBeGreaterThan(25), patience)
      stop()
      seat.driver.unkey()
      const before = seat.told().length
      await vi.waitFor(() => expect(seat.told().slice(before)).toContain('squelch-open'), patience)
    },
  )
})
