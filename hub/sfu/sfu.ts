/**
 * The SFU: mediasoup's workers, one for each core, and places on them where pictures and sound are passed on. A worker
 * that dies is replaced; the places it had are gone, and whoever was there goes to another.
 */
import { isIPv4 } from 'node:net'
import { availableParallelism } from 'node:os'
import { setTimeout as after } from 'node:timers/promises'
import type { Router, TransportListenInfo, WebRtcServer, Worker } from 'mediasoup/types'
import type { Logger } from 'pino'
import type { VideoStatus } from '../../contract/hub.ts'
import type { TransportOffer } from '../../contract/peers.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { Watched } from '../../contract/watched.ts'
import type { HubConfig } from '../config.ts'
import { codecs } from './codecs.ts'
import { iceServersFor } from './turn.ts'

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 30_000

/** Where some meet: what is sent there can be received there. */
export interface Place {
  readonly router: Router
  /** Takes the transports of pages. */
  readonly door: WebRtcServer
  /** Where streams come in that are no page's. */
  readonly plain: TransportListenInfo
  /** How a page of this account may reach it, besides directly. */
  relaysFor(account: Id): Pick<TransportOffer, 'iceServers' | 'iceTransportPolicy'>
  /** Aborts when its worker has died, or it was closed. */
  readonly gone: AbortSignal
  close(): void
}

export interface Sfu {
  readonly status: Watched<VideoStatus>
  /** On the worker with the least to do. Rejects with a `Refusal` if there is none. */
  openPlace(): Promise<Place>
  /** The same, but shared by all who ask: where sources and those who watch them meet. Each worker has one. */
  commonPlace(): Promise<Place>
  close(): Promise<void>
}

export interface SfuOptions {
  /** Undefined where this machine has no worker. */
  readonly config: HubConfig['video']
  readonly clock: () => Instant
  readonly log: Logger
}

interface Running {
  readonly worker: Worker
  readonly door: WebRtcServer
  readonly plain: TransportListenInfo
  readonly relaysFor: Place['relaysFor']
  /** Streams that it passes on. */
  load: number
  common: Promise<Place> | undefined
}

/** Resolves at once: the workers come up meanwhile. */
export function openSfu({ config, clock, log }: SfuOptions): Sfu {
  const running = new Set<Running>()
  const over = new AbortController()
  const down = (fault: VideoStatus['fault']): VideoStatus => ({ state: 'down', since: clock(), fault })
  const status = new Watched<VideoStatus>(down(config === undefined ? 'no-worker' : 'starting'))

  const tell = (fault: VideoStatus['fault']) => {
    const state = running.size > 0 ? 'up' : 'down'
    if (state !== status.value.state || (state === 'down' && fault !== status.value.fault))
      status.set(state === 'up' ? { state, since: clock(), fault: null } : down(fault))
  }

  /** Keeps one worker running until the hub stops. */
  const keepWorker = async (settings: NonNullable<HubConfig['video']>, nth: number) => {
    let wait = FIRST_WAIT_MS
    while (!over.signal.aborted) {
      try {
        const one = await startWorker(settings, nth, clock)
        if (over.signal.aborted) return one.worker.close()
        running.add(one)
        tell(null)
        wait = FIRST_WAIT_MS
        const why = await ended(one.worker, over.signal)
        running.delete(one)
        if (why === undefined) return one.worker.close()
        log.error({ why: why.message }, 'a video worker has died; its rooms go elsewhere')
      } catch (error) {
        log.error({ error: String(error) }, 'a video worker does not start')
      }
      tell('worker-fails')
      await after(wait, undefined, { signal: over.signal }).catch(() => undefined)
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    }
  }

  const keeping =
    config === undefined
      ? []
      : Array.from({ length: config.workers ?? availableParallelism() }, (_, nth) => keepWorker(config, nth))

  const idlest = (): Running => {
    const found = [...running].toSorted((a, b) => a.load - b.load)[0]
    if (found === undefined) throw new Refusal('video-down')
    return found
  }

  return {
    status,
    openPlace: async () => openPlaceOn(idlest()),
    commonPlace: async () => {
      const one = idlest()
      one.common ??= openPlaceOn(one)
      return one.common
    },
    close: async () => {
      over.abort()
      await Promise.all(keeping)
    },
  }
}

async function startWorker(
  { worker: workerBin, listen, port, voicePorts, turn }: NonNullable<HubConfig['video']>,
  nth: number,
  clock: () => Instant,
): Promise<Running> {
  // Where there is no video it need not be loaded.
  const { createWorker } = await import('mediasoup')
  const worker = await createWorker({ workerBin, logLevel: 'error' })
  const listenInfos = listen.flatMap(({ ip, announced }) =>
    (['udp', 'tcp'] as const).map(
      (protocol): TransportListenInfo => ({
        protocol,
        ip,
        ...(announced !== undefined && { announcedAddress: announced }),
        ...(port > 0 && { port: port + nth }),
      }),
    ),
  )
  try {
    const one: Running = {
      worker,
      door: await worker.createWebRtcServer({ listenInfos }),
      plain: plainOf(listen, voicePorts),
      relaysFor: (account) =>
        turn === undefined
          ? {}
          : {
              iceServers: iceServersFor(turn, account, clock()),
              iceTransportPolicy: turn.only ? 'relay' : 'all',
            },
      load: 0,
      common: undefined,
    }
    countLoad(one)
    return one
  } catch (error) {
    worker.close()
    throw error
  }
}

function countLoad(one: Running): void {
  one.worker.observer.on('newrouter', (router) =>
    router.observer.on('newtransport', (transport) =>
      transport.observer.on('newconsumer', (consumer) => {
        one.load++
        consumer.observer.once('close', () => one.load--)
      }),
    ),
  )
}

/** Why it has died, or undefined if it is `signal` that ends it. */
const ended = (worker: Worker, signal: AbortSignal): Promise<Error | undefined> =>
  new Promise((resolve) => {
    worker.once('died', resolve)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })

/** By IPv4, if there is one: seats speak no other. */
function plainOf(
  listen: NonNullable<HubConfig['video']>['listen'],
  [min, max]: readonly [number, number],
): TransportListenInfo {
  const at = listen.find(({ ip }) => isIPv4(ip)) ?? listen[0]
  if (at === undefined) throw new Error('video has no address')
  return {
    protocol: 'udp',
    ip: at.ip,
    portRange: { min, max },
    ...(at.announced !== undefined && { announcedAddress: at.announced }),
  }
}

async function openPlaceOn({ worker, door, plain, relaysFor }: Running): Promise<Place> {
  const router = await worker.createRouter({ mediaCodecs: codecs })
  const gone = new AbortController()
  router.observer.once('close', () => gone.abort())
  return { router, door, plain, relaysFor, gone: gone.signal, close: () => router.close() }
}
