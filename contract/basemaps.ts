/** What lies under the units: maps by configuration. */
import * as z from 'zod'
import { idSchema, lineSchema, nameSchema } from './primitives.ts'

/** The coordinates a map was drawn in. Units stay WGS-84; the map's projection moves them. */
const datums = ['wgs84', 'gcj02'] as const

/** Where one tile is: `{x}` `{y}` `{z}` and, if wanted, `{s}` and `{key}`. */
const tileUrlSchema = z
  .string()
  .max(1000)
  .regex(/^https?:\/\/[^\s]+$/, 'an http or https address')
  .refine(
    (url) => ['{x}', '{y}', '{z}'].every((part) => url.includes(part)),
    'the address of a tile: it has {x}, {y} and {z}',
  )

const tilesSchema = z.strictObject({
  url: tileUrlSchema,
  /** What `{s}` may be. */
  subdomains: z
    .array(z.string().regex(/^[a-z0-9-]{1,16}$/))
    .max(16)
    .default([]),
  minZoom: z.int().min(0).max(22).default(3),
  maxZoom: z.int().min(0).max(22).default(18),
})
export type Tiles = z.infer<typeof tilesSchema>

const common = { id: idSchema, name: nameSchema, attribution: lineSchema.optional() }

export const basemapSchema = z.discriminatedUnion('kind', [
  /** Tiles over HTTP: XYZ, or WMTS written as an address template (Tianditu's). Drawn in order. */
  z.strictObject({
    kind: z.literal('tiles'),
    ...common,
    datum: z.enum(datums).default('wgs84'),
    layers: z.array(tilesSchema).min(1).max(4),
    /** The name under which a seat keeps the key that stands for `{key}`. */
    key: idSchema.optional(),
    /** Drawn light; dimmed under the dark theme. */
    light: z.boolean().default(true),
  }),
  /** A file on the seat's own disk, named in its settings. */
  z.strictObject({
    kind: z.enum(['pmtiles', 'geojson']),
    ...common,
    datum: z.enum(datums).default('wgs84'),
  }),
])
export type Basemap = z.infer<typeof basemapSchema>
