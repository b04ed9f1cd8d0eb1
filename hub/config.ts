/** How a hub is set up: flags for what may be seen, files and the environment for what may not. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const portSchema = z.int().min(0).max(65_535)
export const listenSchema = z.object({ host: z.string().min(1), port: portSchema })

export const hubConfigSchema = z.object({
  listen: listenSchema,
  tls: z.object({ cert: z.string(), key: z.string() }).optional(),
  /** A folder for SQLite, or the address of a PostgreSQL database. */
  store: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('sqlite'), folder: z.string().min(1) }),
    z.object({ kind: z.literal('postgres'), url: z.url({ protocol: /^postgres(ql)?$/ }) }),
  ]),
  /** Where positions come from. */
  broker: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('embedded'), listen: listenSchema }),
    z.object({
      kind: z.literal('external'),
      url: z.url({ protocol: /^mqtts?$/ }),
      username: z.string().optional(),
      password: z.string().optional(),
      ca: z.string().optional(),
    }),
  ]),
  /** The site file: loaded if the journal is empty, or whenever the file has changed. */
  site: z.object({ file: z.string(), import: z.enum(['if-empty', 'if-changed']) }).optional(),
  /** Whoever scrapes /metrics from elsewhere than this machine must show it. */
  metricsToken: z.string().min(16).optional(),
  keepTracksDays: z.number().min(1).max(3650).default(30),
})
export type HubConfig = z.infer<typeof hubConfigSchema>

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** `127.0.0.1:8443`, `[::1]:8443` or `:8443` (every interface). */
export function parseListen(text: string, flag: string): z.infer<typeof listenSchema> {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65_535)
    throw new ConfigError(`${flag} wants host:port, as 127.0.0.1:8443 or [::1]:8443; it was given "${text}"`)
  return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
}

/** Whether only this machine can reach what listens there. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host)

/** Reads a file that a flag names, with the flag in the error. */
export function readNamed(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError(`${flag}: ${file} can't be read: ${error instanceof Error ? error.message : error}`)
  }
}
