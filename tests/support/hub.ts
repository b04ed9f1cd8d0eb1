/** Hubs of a test's own: in this process, or as `npm run hub` starts them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { type HubConfig, hubConfigSchema } from '../../hub/config.ts'
import { type RunningHub, startHub } from '../../hub/hub.ts'
import type { AtEnd } from './at-end.ts'
import { temporaryFolder } from './folder.ts'
import { type Program, startProgram } from './processes.ts'
import { siteText, smallCity } from './site.ts'
import { until } from './until.ts'

const loopback = { host: '127.0.0.1', port: 0 }

export interface TestHub extends RunningHub {
  /** Its data. */
  readonly folder: string
  /** What it has logged. */
  readonly logged: () => string
  /** Why it could not go on, if so. */
  readonly failure: () => Error | undefined
}

export interface TestHubOptions {
  readonly site?: object
  readonly folder?: string
  readonly config?: Partial<HubConfig>
  readonly clock?: () => number
}

/** Starts a hub in this process, with SQLite and its own broker unless told otherwise. */
export async function startTestHub(
  atEnd: AtEnd,
  { site = smallCity, folder = temporaryFolder(atEnd), config = {}, clock }: TestHubOptions = {},
): Promise<TestHub> {
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) })
  let failed: Error | undefined
  const running = await startHub(
    hubConfigSchema.parse({
      listen: loopback,
      store: { kind: 'sqlite', folder },
      broker: { kind: 'embedded', listen: loopback },
      site: { file: writeSiteFile(folder, site), import: 'if-changed' },
      ...config,
    }),
    {
      log,
      ...(clock && { clock }),
      onFailure: (error) => {
        failed = error
      },
    },
  )
  atEnd(running.close)
  return { ...running, folder, logged: () => lines.join(''), failure: () => failed }
}

export function writeSiteFile(folder: string, site: object = smallCity): string {
  const file = join(folder, 'site.yaml')
  writeFileSync(file, siteText(site))
  return file
}

export interface HubProgram extends Program {
  readonly url: string
  readonly mqtt: { readonly host: string; readonly port: number } | undefined
}

const cli = fileURLToPath(new URL('../../hub/cli.ts', import.meta.url))

/** Starts `npm run hub -- …` without npm in between. */
export const startHubCommand = (atEnd: AtEnd, args: readonly string[]): Program =>
  startProgram(atEnd, process.execPath, [cli, ...args])

/** Starts a hub as a program, on free ports; resolves when it listens. */
export async function startHubProgram(atEnd: AtEnd, args: readonly string[]): Promise<HubProgram> {
  const ports = args.includes('--broker') ? [] : ['--mqtt-listen', '127.0.0.1:0']
  const program = startHubCommand(atEnd, ['serve', '--listen', '127.0.0.1:0', ...ports, ...args])
  const said = await until(
    () => {
      const line = program
        .said()
        .split('\n')
        .find((text) => text.includes('"listening"'))
      if (line === undefined) throw new Error(`the hub does not listen: ${program.said()}`)
      return JSON.parse(line)
    },
    { timeout: 30_000, interval: 20 },
  )
  return { ...program, url: said.url, mqtt: said.mqtt }
}
