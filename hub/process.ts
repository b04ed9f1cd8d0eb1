/** The embedded hub as a utility process, on this machine's loopback interface only. */
import pino from 'pino'
import { type HubSaying, hubTellingSchema } from '../contract/companions.ts'
import { hubConfigSchema } from './config.ts'
import { type RunningHub, startHub } from './hub.ts'

interface ParentPort {
  postMessage(message: HubSaying): void
  on(event: 'message', listener: (message: { data: unknown }) => void): void
}

const log = pino({ base: null })
const parent = (process as typeof process & { parentPort: ParentPort }).parentPort
/** The video worker, if this machine has one. */
const worker = process.env.MEDIASOUP_WORKER_BIN
const loopback = { host: '127.0.0.1', port: 0 }
let running: Promise<RunningHub> | undefined

parent.on('message', ({ data }) => {
  const telling = hubTellingSchema.parse(data)
  if (telling.tell === 'stop') {
    void (running ?? Promise.resolve(undefined)).then((hub) => hub?.close()).then(() => process.exit(0))
    return
  }
  const { folder, siteFile, siteImport } = telling
  const config = hubConfigSchema.parse({
    listen: loopback,
    store: { kind: 'sqlite', folder },
    broker: { kind: 'embedded', listen: loopback },
    site: { file: siteFile, import: siteImport },
    video: worker === undefined ? undefined : { worker, listen: [{ ip: loopback.host }] },
  })
  const fail = (error: Error) => {
    log.fatal({ error: error.stack }, 'the hub can not go on')
    parent.postMessage({ say: 'failed', why: error.message })
    // Main sees the exit and decides what to do; the message must be gone by then.
    setTimeout(() => process.exit(1), 200)
  }
  running ??= startHub(config, { log, onFailure: fail })
  running.then(({ url, mqtt = loopback }) => parent.postMessage({ say: 'listening', url, mqtt }), fail)
})
