/** What the console was started with. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type HubAddress, hubAddressSchema } from '../contract/shell.ts'

export interface Options {
  /** The hub to use; without one the console brings its own. */
  readonly hub: HubAddress | undefined
  /** The site file of the embedded hub; without it the demonstration site. */
  readonly site: string | undefined
  /** Whether the simulated city runs: with the demonstration site unless refused, with any other only if asked. */
  readonly lab: boolean
  /** How much faster than life the simulated city moves, 0.1 to 10. */
  readonly labSpeed: number
}

/**
 * Reads `--hub wss://…`, `--ca file.pem` (certificates to trust for it), `--site file`, `--lab`, `--no-lab` and
 * `--lab-speed N`.
 * Unknown arguments are left alone: Electron and Chromium have their own. Throws, with words for the operator, for
 * an address that is none and a file that can't be read.
 */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      hub: { type: 'string' },
      ca: { type: 'string' },
      site: { type: 'string' },
      lab: { type: 'boolean' },
      'no-lab': { type: 'boolean' },
      'lab-speed': { type: 'string' },
    },
    strict: false,
  })
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const site = text(values.site)
  return {
    hub: hubAt(text(values.hub), text(values.ca)),
    site: site === undefined ? undefined : resolve(site),
    lab: values['no-lab'] !== true && (site === undefined || values.lab === true),
    labSpeed: within(Number(text(values['lab-speed']) ?? 1), 0.1, 10),
  }
}

function hubAt(url: string | undefined, caFile: string | undefined): HubAddress | undefined {
  if (url === undefined) return undefined
  const ca = caFile === undefined ? {} : { ca: readCertificates(caFile) }
  const hub = hubAddressSchema.safeParse({ url, embedded: false, ...ca })
  if (!hub.success)
    throw new Error(`--hub ${url} is not the address of a hub: it begins with wss:// or ws://`)
  return hub.data
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`--ca ${file} can't be read`, { cause })
  }
}

/** What is no number counts as 1. */
const within = (value: number, least: number, most: number): number =>
  Number.isNaN(value) ? 1 : Math.min(Math.max(value, least), most)
