/** A hub of a test's own that has video, and its workers. */
import { readdirSync, readFileSync } from 'node:fs'
import type { HubConfig } from '../../hub/config.ts'
import type { AtEnd } from './at-end.ts'
import { startTestHub, type TestHub, type TestHubOptions } from './hub.ts'
import { videoWorkerBinary } from './video-worker.ts'

interface VideoHubOptions
  extends Pick<TestHubOptions, 'site' | 'folder'>,
    Partial<Pick<NonNullable<HubConfig['video']>, 'listen' | 'turn'>> {
  readonly workers?: number
  /** The port it listens at; any that is free otherwise. */
  readonly at?: number
  readonly lingerMs?: number
  readonly cameras?: Readonly<Record<string, { user: string; password: string }>>
}

export const startVideoHub = (
  atEnd: AtEnd,
  {
    workers = 2,
    lingerMs = 30_000,
    cameras = {},
    listen = [{ ip: '127.0.0.1' }],
    turn,
    at = 0,
    ...options
  }: VideoHubOptions = {},
): Promise<TestHub> =>
  startTestHub(atEnd, {
    ...options,
    config: {
      listen: { host: '127.0.0.1', port: at },
      video: {
        worker: videoWorkerBinary(),
        workers,
        listen,
        turn,
        port: 0,
        voicePorts: [41_000, 41_999],
        lingerMs,
        cameras,
      },
    },
  })

/** The pids of this process's children that run this program. */
export const childrenCalled = (name: string): number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      try {
        const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(`(${name.slice(0, 15)}) `)
        return Number(rest.split(' ')[1]) === process.pid
      } catch {
        // It has ended meanwhile.
        return false
      }
    })
