/** The engine, the embedded hub and the lab: who is started with what, and who is told what of whom. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HubTelling, hubSayingSchema, type LabTelling } from '../contract/companions.ts'
import type { SeatSettings } from '../contract/settings.ts'
import type { HubAddress, Telling } from '../contract/shell.ts'
import { type Child, keepChild } from './children.ts'
import type { Log } from './log.ts'
import type { Options } from './options.ts'
import { type Granters, grantWish } from './wishes.ts'

export interface ProcessesOptions {
  /** Where the built modules are. */
  readonly built: string
  readonly resources: string
  readonly folder: string
  readonly options: Options
  readonly log: Log
  readonly granters: Granters
  engineNeeds(): { settings: SeatSettings; ticket: string | null }
  onEngineStart(): void
}

export interface Processes {
  readonly engine: Child
  tellEngine(telling: Telling): void
  stop(): Promise<void>
}

export function startProcesses(needs: ProcessesOptions): Processes {
  const { built, resources, folder, options, log, granters } = needs
  const demoSite = join(resources, 'demo-site.yaml')
  const siteFile = options.site ?? demoSite
  const children: Child[] = []
  let hub: HubAddress | undefined = options.hub === undefined ? undefined : remoteHub(options.hub, options.ca)
  let failure: string | undefined

  const tellOfHub = (engine: Child) => {
    if (hub !== undefined) engine.send({ tell: 'hub', hub } satisfies Telling)
    else if (failure !== undefined) engine.send({ tell: 'hub-failed', why: failure } satisfies Telling)
  }
  const engine = keepChild({
    name: 'engine',
    module: join(built, 'engine.js'),
    log,
    onStart: (child) => {
      const configure: Telling = { tell: 'configure', folder: join(folder, 'engine'), ...needs.engineNeeds() }
      child.send(configure)
      tellOfHub(child)
      needs.onEngineStart()
    },
    onMessage: (message, child) =>
      void grantWish(
        message,
        granters,
        (telling) => child.send(telling),
        (error) => log.note(`a wish of the engine failed: ${error}`),
      ),
  })
  children.push(engine)

  if (options.hub === undefined) {
    let lab: Child | undefined
    // The hub may come back at another address; a lab that starts again must go there.
    let labStart: LabTelling | undefined
    const hubProcess = keepChild({
      name: 'hub',
      module: join(built, 'hub.js'),
      log,
      onStart: (child) => {
        const siteImport = options.site === undefined ? 'if-changed' : 'if-empty'
        const start: HubTelling = { tell: 'start', folder: join(folder, 'hub'), siteFile, siteImport }
        child.send(start)
      },
      onMessage: (message) => {
        const saying = hubSayingSchema.parse(message)
        if (saying.say === 'failed') {
          failure = saying.why
          hub = undefined
          log.note(`the embedded hub can't start: ${failure}`)
          tellOfHub(engine)
          return
        }
        hub = { url: saying.url, embedded: true }
        tellOfHub(engine)
        if (!options.lab) return
        const { url, mqtt } = saying
        labStart = { tell: 'start', hub: url, mqtt, siteFile, resources, speed: options.labSpeed }
        if (lab !== undefined) lab.send(labStart)
        else {
          lab = keepChild({
            name: 'lab',
            module: join(built, 'lab.js'),
            log,
            onStart: (child) => child.send(labStart),
          })
          children.push(lab)
        }
      },
    })
    children.push(hubProcess)
  }

  return {
    engine,
    tellEngine: (telling) => engine.send(telling),
    stop: async () => {
      // Last started, first stopped: the lab before the hub it talks to.
      for (const child of children.toReversed()) await child.stop()
    },
  }
}

function remoteHub(url: string, ca: string | undefined): HubAddress {
  return { url, embedded: false, ...(ca !== undefined && { ca: readFileSync(ca, 'utf8') }) }
}
