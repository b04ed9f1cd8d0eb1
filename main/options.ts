/** What the console was started with. */
import { parseArgs } from 'node:util'

export interface Options {
  /** wss://… of the hub to use; without it the console brings its own. */
  readonly hub: string | undefined
  /** A PEM file with certificates to trust for the hub. */
  readonly ca: string | undefined
  /** The site file of the embedded hub; without it the demonstration site. */
  readonly site: string | undefined
  /** Whether the simulated city may run. It does with the demonstration site only. */
  readonly lab: boolean
  /** How much faster than life the simulated city moves, 0.1 to 10. */
  readonly labSpeed: number
}

/** Unknown arguments are left alone: Electron and Chromium have their own. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      hub: { type: 'string' },
      ca: { type: 'string' },
      site: { type: 'string' },
      'no-lab': { type: 'boolean' },
      'lab-speed': { type: 'string' },
    },
    strict: false,
  })
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return {
    hub: text(values.hub),
    ca: text(values.ca),
    site: text(values.site),
    lab: values['no-lab'] !== true,
    labSpeed: within(Number(values['lab-speed'] ?? 1), 0.1, 10),
  }
}

const within = (value: number, least: number, most: number): number =>
  Number.isNaN(value) ? 1 : Math.min(Math.max(value, least), most)
