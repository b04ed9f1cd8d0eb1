/** The engine, the embedded hub and the lab: who is started with what, and who is told what of whom. */
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

/** What there is to say of the hub: where it is, or why it can't be there. */
type HubNews = (Telling & { tell: 'hub' }) | (Telling & { tell: 'hub-failed' })

export function startProcesses(needs: ProcessesOptions): Processes {
  const { options } = needs
  const children: Child[] = []
  let news: HubNews | undefined = options.hub === undefined ? undefined : toldOf(options.hub)

  const engine = startEngine(needs, () => news)
  children.push(engine)
  if (options.hub === undefined)
    startEmbeddedHub(needs, {
      onNews: (latest) => {
        news = latest
        engine.send(latest)
      },
      onChild: (child) => children.push(child),
    })

  return {
    engine,
    tellEngine: (telling) => engine.send(telling),
    stop: async () => {
      // Last started, first stopped: the lab before the hub it talks to.
      for (const child of children.toReversed()) await child.stop()
    },
  }
}

const toldOf = (hub: HubAddress): HubNews => ({ tell: 'hub', hub })

function startEngine(needs: ProcessesOptions, news: () => HubNews | undefined): Child {
  const { built, folder, log, granters } = needs
  return keepChild({
    name: 'engine',
    module: join(built, 'engine.js'),
    log,
    onStart: (child) => {
      const configure: Telling = { tell: 'configure', folder: join(folder, 'engine'), ...needs.engineNeeds() }
      child.send(configure)
      const latest = news()
      if (latest !== undefined) child.send(latest)
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
}

/** The hub, and with it the lab, which needs to know where the hub listens. */
function startEmbeddedHub(
  { built, resources, folder, options, log }: ProcessesOptions,
  { onNews, onChild }: { onNews(news: HubNews): void; onChild(child: Child): void },
): void {
  const siteFile = options.site ?? join(resources, 'demo-site.yaml')
  let lab: Child | undefined
  let labStart: LabTelling

  const startLab = (start: LabTelling) => {
    labStart = start
    if (lab !== undefined) {
      lab.send(labStart)
      return
    }
    lab = keepChild({
      name: 'lab',
      module: join(built, 'lab.js'),
      log,
      onStart: (child) => child.send(labStart),
    })
    onChild(lab)
  }

  onChild(
    keepChild({
      name: 'hub',
      module: join(built, 'hub.js'),
      log,
      onStart: (child) => {
        const siteImport = options.site === undefined ? 'if-changed' : 'if-empty'
        const start: HubTelling = { tell: 'start', folder: join(folder, 'hub'), siteFile, siteImport }
        child.send(start)
      },
      onMessage: (message) => {
        const { data: saying } = hubSayingSchema.safeParse(message)
        if (saying?.say === 'failed') {
          log.note(`the embedded hub can't start: ${saying.why}`)
          onNews({ tell: 'hub-failed', why: saying.why })
        } else if (saying?.say === 'listening') {
          onNews(toldOf({ url: saying.url, embedded: true }))
          if (options.lab)
            startLab({
              tell: 'start',
              hub: saying.url,
              mqtt: saying.mqtt,
              siteFile,
              resources,
              speed: options.labSpeed,
            })
        }
      },
    }),
  )
}
