import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mapFileKind } from './map-file-kind.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-maps-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const fileWith = (name: string, text: string) => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

describe('a map file', () => {
  it('is GeoJSON or a PMTiles archive by what is in it', async () => {
    expect(await mapFileKind(fileWith('a.geojson', '{"type":"FeatureCollection","features":[]}'))).toBe(
      'geojson',
    )
    expect(await mapFileKind(fileWith('A.PMTILES', 'PMTiles\u0003…'))).toBe('pmtiles')
  })

  it.each([
    ['a.pmtiles', 'PMTiles\u0002', 'a.pmtiles is not a PMTiles archive (version 3)'],
    ['empty.pmtiles', '', 'empty.pmtiles is not a PMTiles archive (version 3)'],
    ['a.json', '{"type":"Feature"}', 'a.json is not a GeoJSON FeatureCollection'],
    ['null.json', 'null', 'null.json is not a GeoJSON FeatureCollection'],
    ['cut.geojson', '{"type":"FeatureColl', 'cut.geojson is not a GeoJSON FeatureCollection'],
  ])('is refused with words for the officer: %s with "%s"', async (name, text, why) => {
    await expect(mapFileKind(fileWith(name, text))).rejects.toMatchObject({
      code: 'invalid',
      particulars: { why },
    })
  })

  it('is refused without being read if it is too large to be drawn', async () => {
    const file = fileWith('huge.geojson', '')
    truncateSync(file, 65 * 1024 * 1024)
    await expect(mapFileKind(file)).rejects.toMatchObject({
      code: 'invalid',
      particulars: { why: 'huge.geojson is larger than 64 MiB: make a PMTiles archive of it' },
    })
  })
})
