/** The map's tools and what lies under the units. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { namedFlavor } from '@protomaps/basemaps'
import gcoord from 'gcoord'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { openConsole, type TestConsole } from './console.ts'
import { MVT, PNG, waterTile, writeArchive } from './pmtiles.ts'

const place = { lat: 32.0584, lon: 118.7965 }
const basemaps = (tiles: string) => [
  { kind: 'tiles', id: 'plain', name: '普通瓦片', layers: [{ url: `${tiles}/wgs84/{z}/{x}/{y}.png` }] },
  {
    kind: 'tiles',
    id: 'shifted',
    name: '偏移瓦片',
    datum: 'gcj02',
    layers: [{ url: `${tiles}/gcj02/{z}/{x}/{y}.png` }],
  },
  {
    kind: 'tiles',
    id: 'keyed',
    name: '要密钥的瓦片',
    key: 'tianditu',
    layers: [{ url: `${tiles}/keyed/{z}/{x}/{y}.png?tk={key}` }],
  },
]
const site = (tiles: string) => ({
  site: { id: 'maps', name: '地图站点', centre: [place.lat, place.lon], zoom: 15, demo: true },
  basemaps: basemaps(tiles),
  areas: [{ id: 'city', name: '市', areas: [{ id: 'gulou', name: '鼓楼区', centre: [32.066, 118.764] }] }],
  agencies: [{ id: 'police', name: '公安', kind: 'police' }],
  units: [],
  accounts: [{ id: 'duty', name: '值班员', role: 'duty-officer', password: 'watchfloor-demo' }],
})

/** A PNG of one colour, 256 by 256. */
function png(red: number, green: number, blue: number): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(256 * 3, Buffer.from([red, green, blue]))])
  const chunk = (type: string, body: Buffer) => {
    const whole = Buffer.concat([Buffer.from(type, 'latin1'), body])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(whole))
    return Buffer.concat([length, whole, sum])
  }
  const size = Buffer.from([0, 0, 1, 0, 0, 0, 1, 0, 8, 2, 0, 0, 0])
  const rows = deflateSync(Buffer.concat(Array.from({ length: 256 }, () => row)))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', size),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

let folder: string
let server: Server
let console: TestConsole
const asked: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-maps-'))
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'content-type': 'image/png' }).end(png(200, 30, 30))
  })
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  )
  const square = [
    [118.79, 32.05],
    [118.81, 32.05],
    [118.81, 32.07],
    [118.79, 32.07],
    [118.79, 32.05],
  ]
  const feature = {
    type: 'Feature',
    properties: { natural: 'water' },
    geometry: { type: 'Polygon', coordinates: [square] },
  }
  writeFileSync(
    join(folder, 'lake.geojson'),
    JSON.stringify({ type: 'FeatureCollection', features: [feature] }),
  )
  const { x, y } = tileOf(14, place.lon, place.lat)
  const around = [-1, 0, 1].flatMap((dx) =>
    [-1, 0, 1].map((dy) => ({ z: 14, x: Math.floor(x) + dx, y: Math.floor(y) + dy })),
  )
  writeArchive(join(folder, 'city.pmtiles'), PNG, png(30, 200, 30), around)
  writeArchive(join(folder, 'vector.pmtiles'), MVT, waterTile(), around)
  const file = (kind: 'geojson' | 'pmtiles', id: string, name: string) => ({
    basemap: { kind, id, name: { zh: name, en: name }, datum: 'wgs84' as const },
    file: name,
  })
  console = await openConsole({
    site: stringify(site(`http://127.0.0.1:${port}`)),
    settings: {
      mapFiles: [
        file('geojson', 'file-1', 'lake.geojson'),
        file('pmtiles', 'file-3', 'vector.pmtiles'),
        file('pmtiles', 'file-2', 'city.pmtiles'),
      ],
    },
    mapPaths: {
      'file-1': join(folder, 'lake.geojson'),
      'file-2': join(folder, 'city.pmtiles'),
      'file-3': join(folder, 'vector.pmtiles'),
    },
  })
  await signInAsDuty()
})
afterAll(async () => {
  await console?.close()
  server?.close()
  rmSync(folder, { recursive: true, force: true })
})

const signInAsDuty = async () => {
  await console.page.locator('[data-account="duty"]').click()
  await console.page.getByTestId('map').waitFor()
}
const choose = async (name: string) => {
  const { page } = console
  await page.keyboard.press('l')
  await page.getByRole('radio', { name }).click()
  await page.keyboard.press('l')
}
/** The colour in the middle of the map, read from a picture of it. */
async function middle(): Promise<readonly [number, number, number]> {
  const box = await console.page.getByTestId('map').boundingBox()
  const shot = await console.page.screenshot({
    clip: {
      x: (box?.x ?? 0) + (box?.width ?? 0) / 2 + 40,
      y: (box?.y ?? 0) + (box?.height ?? 0) / 2 + 40,
      width: 2,
      height: 2,
    },
  })
  return console.page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(2, 2)
    const context = canvas.getContext('2d')
    context?.drawImage(picture, 0, 0)
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? []
    return [red, green, blue] as const
  }, shot.toString('base64'))
}
const tileOf = (zoom: number, lon: number, lat: number) => {
  const n = 2 ** zoom
  const sin = Math.sin((lat * Math.PI) / 180)
  return { x: (lon / 360 + 0.5) * n, y: (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * n }
}
const tilesAsked = (kind: string) =>
  asked.flatMap((url) => {
    const found = new RegExp(`^/${kind}/(\\d+)/(\\d+)/(\\d+)\\.png`).exec(url)
    return found === null ? [] : [{ z: Number(found[1]), x: Number(found[2]), y: Number(found[3]) }]
  })

describe('the map', () => {
  it('opens where the site says, marked as a schematic, with scale and coordinates', async () => {
    const text = async () =>
      (await console.page.getByLabel('力量分布图').first().innerText()).replaceAll(/\s+/g, ' ')
    await expect.poll(text).toContain('118.79650° E 32.05840° N WGS-84 示意底图')
    expect(await text()).toMatch(/\d+ 米/)
  })

  it('goes to coordinates and to places by name', async () => {
    const { page } = console
    await page.keyboard.press('g')
    await page.getByRole('combobox', { name: /坐标/ }).fill('118.70, 32.00')
    await page.keyboard.press('Enter')
    const readout = page.getByText('WGS-84').locator('..')
    await expect.poll(() => readout.innerText()).toContain('118.70000° E 32.00000° N')
    await page.keyboard.press('g')
    await page.getByRole('combobox', { name: /坐标/ }).fill('鼓楼区')
    await page.keyboard.press('Enter')
    await expect.poll(() => readout.innerText()).toContain('118.76400° E 32.06600° N')
    await page.keyboard.press('h')
    await expect.poll(() => readout.innerText()).toContain('118.79650° E 32.05840° N')
  })

  it('measures what is clicked, in metres on the ground', async () => {
    const { page } = console
    const box = await page.getByTestId('map').boundingBox()
    const at = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 }
    await page.keyboard.press('d')
    await page.mouse.click(at.x, at.y)
    await page.mouse.click(at.x + 200, at.y)
    await page.keyboard.press('Enter')
    const total = page.getByRole('status').filter({ hasText: '共' })
    await total.waitFor()
    // 200 pixels at zoom 15, at this latitude.
    const metres = (200 * 40_075_016.686 * Math.cos((place.lat * Math.PI) / 180)) / (256 * 2 ** 15)
    expect(Number(/(\d+) 米/.exec(await total.innerText())?.[1]) / metres).toBeCloseTo(1, 2)
    await page.keyboard.press('Escape')
    await expect.poll(() => total.count()).toBe(0)
  })

  it('draws tiles from where the site says', async () => {
    await choose('普通瓦片')
    await expect.poll(middle).not.toEqual([13, 24, 34])
    const { x, y } = tileOf(15, place.lon, place.lat)
    expect(tilesAsked('wgs84')).toContainEqual({ z: 15, x: Math.floor(x), y: Math.floor(y) })
  })

  it('keeps places where they are on a basemap drawn in GCJ-02', async () => {
    const { page } = console
    await choose('偏移瓦片')
    await expect.poll(() => tilesAsked('gcj02').filter(({ z }) => z === 15).length).toBeGreaterThan(4)
    const [lon, lat] = gcoord.transform([place.lon, place.lat], gcoord.WGS84, gcoord.GCJ02) as [
      number,
      number,
    ]
    const shifted = tileOf(15, lon, lat)
    expect(tilesAsked('gcj02')).toContainEqual({ z: 15, x: Math.floor(shifted.x), y: Math.floor(shifted.y) })
    await expect
      .poll(() => page.getByText('WGS-84').locator('..').innerText())
      .toContain('118.79650° E 32.05840° N')
  })

  it('asks for the key that tiles want, keeps it sealed, and uses it', async () => {
    const { page } = console
    await choose('要密钥的瓦片')
    const form = page.getByLabel('底图「要密钥的瓦片」需要密钥')
    await form.fill('s3cret-key')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => asked.some((url) => url.startsWith('/keyed/') && url.endsWith('?tk=s3cret-key')))
      .toBe(true)
    expect(await form.count()).toBe(0)
    expect(JSON.stringify(console.keptSettings())).not.toContain('s3cret-key')
  })

  it('draws a GeoJSON file from disk', async () => {
    await choose('lake.geojson')
    await expect.poll(middle).toEqual([22, 53, 75])
  })

  it('draws a PMTiles archive of vector tiles from disk, in the colours of the theme', async () => {
    await choose('vector.pmtiles')
    const water = namedFlavor('dark').water
    await expect.poll(middle).toEqual([1, 3, 5].map((at) => Number.parseInt(water.slice(at, at + 2), 16)))
  })

  it('draws a PMTiles archive of pictures from disk', async () => {
    const { page } = console
    await choose('city.pmtiles')
    // The archive ends at zoom 14; the map magnifies its tiles.
    await expect.poll(middle).toEqual([30, 200, 30])
    await expect.poll(() => console.keptSettings().basemap).toBe('file-2')
    await page.keyboard.press('h')
  })

  it('comes back to the schematic when a file is taken away', async () => {
    const { page } = console
    await page.keyboard.press('l')
    await page.getByRole('button', { name: '移除' }).last().click()
    await expect
      .poll(() => console.keptSettings().mapFiles.map(({ file }) => file))
      .toEqual(['lake.geojson', 'vector.pmtiles'])
    await expect.poll(middle).not.toEqual([30, 200, 30])
    expect(console.keptSettings().basemap).toBe('schematic')
  })
})
