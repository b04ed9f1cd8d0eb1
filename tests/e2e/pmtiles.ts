/** Writes small PMTiles archives (PMTiles specification version 3) for tests, and a vector tile to put into them. */
import { writeFileSync } from 'node:fs'
import { zxyToTileId } from 'pmtiles'

const HEADER_BYTES = 127
const NO_COMPRESSION = 1
/** Tile types. */
export const MVT = 1
export const PNG = 2

const varint = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return [...bytes, rest]
}

export interface Tile {
  readonly z: number
  readonly x: number
  readonly y: number
}

/** The same tile for each of these places, all of one zoom. */
export function writeArchive(file: string, type: number, tile: Buffer, tiles: readonly Tile[]): void {
  const zoom = tiles[0]?.z ?? 0
  const ids = tiles.map(({ z, x, y }) => zxyToTileId(z, x, y)).toSorted((a, b) => a - b)
  // Number of entries, then by columns: id less the one before, run length, length, offset and one.
  const directory = Buffer.from([
    ...varint(ids.length),
    ...ids.flatMap((id, at) => varint(id - (ids[at - 1] ?? 0))),
    ...ids.map(() => 1),
    ...ids.flatMap(() => varint(tile.length)),
    ...ids.map(() => 1),
  ])
  const metadata = Buffer.from('{}')
  const header = Buffer.alloc(HEADER_BYTES)
  header.write('PMTiles', 0, 'latin1')
  header.writeUInt8(3, 7)
  const sections = [
    [HEADER_BYTES, directory.length],
    [HEADER_BYTES + directory.length, metadata.length],
    [0, 0],
    [HEADER_BYTES + directory.length + metadata.length, tile.length],
  ] as const
  sections.forEach(([offset, length], nth) => {
    header.writeBigUInt64LE(BigInt(offset), 8 + nth * 16)
    header.writeBigUInt64LE(BigInt(length), 16 + nth * 16)
  })
  for (const at of [72, 80]) header.writeBigUInt64LE(BigInt(ids.length), at)
  header.writeBigUInt64LE(1n, 88)
  header.writeUInt8(1, 96)
  header.writeUInt8(NO_COMPRESSION, 97)
  header.writeUInt8(NO_COMPRESSION, 98)
  header.writeUInt8(type, 99)
  header.writeUInt8(zoom, 100)
  header.writeUInt8(zoom, 101)
  for (const [at, degrees] of [
    [102, -180],
    [106, -85],
    [110, 180],
    [114, 85],
  ] as const)
    header.writeInt32LE(degrees * 1e7, at)
  writeFileSync(file, Buffer.concat([header, directory, metadata, tile]))
}

const EXTENT = 4096
const zigzag = (value: number): number => (value << 1) ^ (value >> 31)

/** A protocol buffer field that has a length: text, bytes, a message, packed numbers. */
const field = (number: number, body: Buffer | readonly number[]): Buffer => {
  const bytes = Buffer.from(body as number[])
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes])
}
const number = (at: number, value: number): Buffer => Buffer.from([at << 3, ...varint(value)])

/** A Mapbox vector tile (specification 2.1) that is water from edge to edge, in the Protomaps basemap's layers. */
export function waterTile(): Buffer {
  // MoveTo the corner, LineTo the other three, ClosePath.
  const [line, back] = [zigzag(EXTENT), zigzag(-EXTENT)]
  const geometry = [9, 0, 0, (3 << 3) | 2, line, 0, 0, line, back, 0, 15].flatMap(varint)
  const polygon = 3
  const feature = Buffer.concat([field(2, [0, 0]), number(3, polygon), field(4, geometry)])
  const layer = Buffer.concat([
    number(15, 2),
    field(1, Buffer.from('water')),
    field(2, feature),
    field(3, Buffer.from('kind')),
    field(4, field(1, Buffer.from('water'))),
    number(5, EXTENT),
  ])
  return field(3, layer)
}
