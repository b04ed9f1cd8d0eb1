/** How a hub is set up: flags for what may be seen, files and the environment for what may not. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { idSchema } from '../contract/primitives.ts'

const portSchema = z.int().min(0).max(65_535)
export const listenSchema = z.object({ host: z.string().min(1), port: portSchema })

const cameraLoginsSchema = z.record(
  idSchema,
  z.strictObject({ user: z.string().min(1).max(200), password: z.string().max(200) }),
)

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
  /** What this hub is called among several on one database. */
  name: z.string().min(1).max(100).default('hub'),
  /** Rooms and sources; left out where this machine has no video worker. */
  video: z
    .object({
      /** The path of mediasoup's worker. */
      worker: z.string().min(1),
      /** How many; one for each core if left out. */
      workers: z.int().min(1).max(256).optional(),
      /** Where pages send and receive pictures, and by which address they reach it if that is another. */
      listen: z
        .array(z.object({ ip: z.union([z.ipv4(), z.ipv6()]), announced: z.string().min(1).optional() }))
        .min(1),
      /** Of the first worker, UDP and TCP; the next ones follow. 0: any that is free. */
      port: portSchema.default(0),
      /** For those who reach the hub by a relay only. */
      turn: z
        .object({
          /** RFC 7065. */
          urls: z
            .array(
              z
                .string()
                .regex(/^turns?:[^\s?]+(\?transport=(udp|tcp))?$/, 'turn:host:port or turns:host:port'),
            )
            .min(1)
            .max(8),
          /** Shared with the relay; never told to anybody. */
          secret: z.string().min(16),
          /** Nobody is to try another way. */
          only: z.boolean().default(false),
        })
        .optional(),
      /** UDP, both included: one for each telephone and each channel that is carried into a room. */
      voicePorts: z
        .tuple([z.int().min(1024).max(65_535), z.int().min(1024).max(65_535)])
        .refine(([from, to]) => from <= to, 'the first comes first')
        .default([41_000, 41_999]),
      /** With what the hub signs in at cameras, by source. */
      cameras: cameraLoginsSchema.default({}),
      /** A camera that nobody watches any more is pulled for so long, ms. */
      lingerMs: z.int().min(0).default(30_000),
    })
    .optional(),
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
