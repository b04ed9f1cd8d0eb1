/** The hub as it is served, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stringify } from 'yaml'

export interface HubProcess {
  readonly process: ChildProcess
  readonly url: string
}

export interface HubProcessOptions {
  /** Where it keeps what it has to. */
  readonly folder: string
  readonly site: object
  /** Of a broker; none otherwise. */
  readonly broker?: string
  /** Told of the process as soon as there is one, so that it is ended whatever comes. */
  onStart(process: ChildProcess): void
}

/** Resolves when it listens. */
export async function startHubProcess(options: HubProcessOptions): Promise<HubProcess> {
  const { folder, site, broker, onStart } = options
  const file = join(folder, 'site.yaml')
  writeFileSync(file, stringify(site))
  const where = ['--data', join(folder, 'hub'), '--site', file, '--listen', '127.0.0.1:0']
  const args = ['serve', ...where, ...(broker === undefined ? [] : ['--broker', broker])]
  const hub = spawn(process.execPath, [join(import.meta.dirname, '../hub/cli.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onStart(hub)
  return { process: hub, url: await listening(hub) }
}

/** The address that a hub logs when it listens. */
function listening(hub: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    hub.once('exit', (code) => reject(new Error(`the hub ended with ${code}`)))
    if (hub.stdout !== null)
      createInterface({ input: hub.stdout }).on('line', (line) => {
        const { msg, url } = JSON.parse(line)
        if (msg === 'listening') resolve(url)
      })
  })
}
