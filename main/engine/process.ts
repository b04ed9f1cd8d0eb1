/** The engine as a utility process: main tells it what it needs, and hands it its pages' ports. */
import pino from 'pino'
import type { SeatPage } from '../../contract/seat-pages.ts'
import { type Engine, startEngine } from './engine.ts'
import { type PortMain, servePort } from './seat-port.ts'
import { openShellLink, type ParentPort } from './shell-link.ts'

const log = pino({ base: null })
const parent = (process as typeof process & { parentPort: ParentPort }).parentPort

let engine: Promise<Engine> | undefined
/** What closes the port of each page. */
const seats = new Map<SeatPage, () => void>()

const shell = openShellLink(parent, (telling, ports) => {
  switch (telling.tell) {
    case 'configure': {
      const { folder, settings, ticket } = telling
      engine ??= startEngine({
        shell,
        folder,
        settings,
        ticket,
        onTrouble: (what, error) => log.warn({ what, error: String(error) }, 'trouble'),
      })
      break
    }
    case 'hub':
      withEngine(({ use }) => use(telling.hub))
      break
    case 'hub-failed':
      withEngine(({ hubFailed }) => hubFailed(telling.why))
      break
    case 'settings':
      withEngine(({ takeSettings }) => takeSettings(telling.settings))
      break
    case 'seat':
      withEngine(({ port }) => {
        seats.get(telling.page)?.()
        seats.set(
          telling.page,
          servePort(ports[0] as PortMain, port, (path, error) =>
            log.error({ path, error: error.stack }, 'a call failed unexpectedly'),
          ),
        )
      })
      break
    case 'stop':
      for (const close of seats.values()) close()
      void (engine ?? Promise.resolve(undefined))
        .then((running) => running?.close())
        .finally(() => process.exit(0))
      break
  }
})

/** Does `work` once the engine has been configured; an engine that can't start is for main to restart. */
function withEngine(work: (engine: Engine) => void): void {
  if (engine === undefined) throw new Error('main must configure the engine first')
  void engine.then(work)
}
