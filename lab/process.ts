/** The simulated city as a utility process. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { parse } from 'yaml'
import { type LabTelling, labTellingSchema } from '../contract/companions.ts'
import { type SiteDocument, siteDocumentSchema } from '../contract/site.ts'
import { EXERCISE_ACCOUNT, EXERCISE_EXCHANGE, STREET_CAMERA } from './city/demo-site.ts'
import { createMovement } from './city/movement.ts'
import { streetsOf } from './city/streets.ts'
import { openCityExchange } from './city-exchange.ts'
import { type CityRadio, openCityRadio } from './city-radio.ts'
import { playCrews } from './crews.ts'
import { keepOnDuty } from './duty.ts'
import { type ExerciseSeat, openExerciseSeat } from './exercise-seat.ts'
import { openFieldCrews } from './field-crews.ts'
import { openPartners } from './partners/partners.ts'
import { openReporters } from './reporters.ts'
import { openCityCameras } from './video/city-cameras.ts'
import { openRtspCamera } from './video/rtsp-camera.ts'

interface ParentPort {
  on(event: 'message', listener: (message: { data: unknown }) => void): void
}

const log = pino({ base: null })
const parent = (process as typeof process & { parentPort: ParentPort }).parentPort
const TICK_MS = 250
const SEED = 7
const CAMERA_AFTER_MS = 5_000

let stop: Promise<() => Promise<void>> = Promise.resolve(async () => undefined)

parent.on('message', ({ data }) => {
  const telling = labTellingSchema.parse(data)
  // Each start takes the place of the one before: the hub may be at another address now.
  const before = stop
  stop = before.then(async (halt) => {
    await halt()
    if (telling.tell === 'stop') process.exit(0)
    return run(telling)
  })
})

async function run({
  hub,
  mqtt,
  siteFile,
  resources,
  speed,
}: LabTelling & { tell: 'start' }): Promise<() => Promise<void>> {
  const site = siteDocumentSchema.parse(parse(await readFile(siteFile, 'utf8')))
  if (!site.site.demo) {
    log.info({ site: site.site.id }, 'a real site: the city stays away')
    return async () => undefined
  }
  const streets = streetsOf(JSON.parse(await readFile(join(resources, 'maps/nanjing.geojson'), 'utf8')))
  const movement = createMovement(site.units, site.areas, streets, { seed: SEED, speed })
  const reporters = await openReporters(`mqtt://${mqtt.host}:${mqtt.port}`, site)
  const began = performance.now()
  const timer = setInterval(() => {
    for (const { unit, at } of movement.due((performance.now() - began) / 1000))
      reporters.report(unit, at, Date.now())
  }, TICK_MS)
  const password = site.accounts.find(({ id }) => id === EXERCISE_ACCOUNT)?.password
  const seat = password === undefined ? undefined : await openExerciseSeat(hub, password)
  const crews = seat && playCrews(seat, SEED)
  const rest = seat && keepOnDuty(seat, site.units, SEED, (unit) => crews?.isTasked(unit) === true)
  const exchange = seat === undefined ? undefined : await openCityExchange(site, resources)
  if (exchange !== undefined)
    await seat?.submit({
      kind: 'exchange.place',
      exchange: EXERCISE_EXCHANGE,
      servers: [{ transport: 'udp', host: exchange.host, port: exchange.port }],
    })
  const radio = seat === undefined ? undefined : await openRadio(site, resources)
  for (const { channel, access } of radio?.places ?? [])
    await seat?.submit({ kind: 'channel.place', channel, access })
  const closeCameras = await openCityCameras(site, hub, resources)
  const closeCrews = openFieldCrews(site, {
    hub,
    seed: SEED,
    onTrouble: (error) => log.warn({ error }, 'a crew has no phone'),
  })
  const closePartners = await openPartners(site, hub, resources)
  const closeCamera = seat === undefined ? undefined : openStreetCamera(seat, resources)
  log.info({ units: site.units.length, crossings: streets.nodes.length }, 'the city moves')
  return async () => {
    clearInterval(timer)
    closeCameras()
    closeCamera?.()
    closePartners()
    closeCrews()
    rest?.()
    crews?.close()
    seat?.close()
    await exchange?.close()
    await radio?.close()
    await reporters.close()
  }
}

/** Once the console is up: GStreamer wants a core for a moment. Returns what ends it. */
function openStreetCamera(seat: ExerciseSeat, resources: string): () => void {
  const over = new AbortController()
  const open = async () => {
    const camera = await openRtspCamera(resources)
    if (camera === undefined) return
    if (over.signal.aborted) return camera.close()
    over.signal.addEventListener('abort', camera.close)
    await seat.submit({ kind: 'source.place', source: STREET_CAMERA, url: camera.url })
  }
  const timer = setTimeout(() => {
    open().catch((error) => log.warn({ error }, 'the street has no camera'))
  }, CAMERA_AFTER_MS)
  return () => {
    clearTimeout(timer)
    over.abort()
  }
}

/** Not every machine has ways to groups on its loopback interface: then the city goes on without. */
async function openRadio(site: SiteDocument, resources: string): Promise<CityRadio | undefined> {
  try {
    return await openCityRadio(site, resources, { seed: SEED })
  } catch (error) {
    log.warn({ error }, 'the city has no radio')
    return undefined
  }
}
