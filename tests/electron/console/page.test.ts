/** What the console's page can reach, and what it can't. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../contract/settings.ts'
import type { Shell } from '../shell.ts'
import { openBuiltConsole, signIn } from './built-console.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let folder: string
let tileServer: Server
const tilesAsked: (string | undefined)[] = []
let shell: Shell
let page: Page

/** The demonstration site with one more basemap: tiles of a server of this test's own. */
function siteWithTiles(port: number): string {
  const demo = readFileSync(join(import.meta.dirname, '../../../resources/demo-site.yaml'), 'utf8')
  const basemap = {
    kind: 'tiles',
    id: 'streets',
    name: { zh: '街道', en: 'Streets' },
    layers: [{ url: `http://127.0.0.1:${port}/{z}/{x}/{y}.png`, minZoom: 3, maxZoom: 18 }],
  }
  const list = `basemaps: ${JSON.stringify([basemap])}\n`
  return /^basemaps:/m.test(demo) ? demo.replace(/^basemaps:.*\n(?:[ -].*\n)*/m, list) : `${demo}\n${list}`
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-page-'))
  tileServer = createServer(({ url }, response) => {
    tilesAsked.push(url)
    response.setHeader('content-type', 'image/png').end(PNG)
  })
  await new Promise<void>((resolve) => {
    tileServer.listen(0, '127.0.0.1', resolve)
  })
  const { port } = tileServer.address() as AddressInfo
  writeFileSync(join(folder, 'site.yaml'), siteWithTiles(port))
  writeFileSync(join(folder, 'map.geojson'), '{"type":"FeatureCollection","features":[]}')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  const basemap = { kind: 'geojson', id: 'file-1', name: { zh: '图', en: 'Map' }, datum: 'wgs84' }
  const userData = join(folder, 'profile')
  const settings = {
    seat: { ...defaultSettings, mapFiles: [{ basemap, file: 'map.geojson' }] },
    mapPaths: { 'file-1': join(folder, 'map.geojson') },
  }
  const { mkdirSync } = await import('node:fs')
  mkdirSync(userData)
  writeFileSync(join(userData, 'settings.json'), JSON.stringify(settings))
  shell = await openBuiltConsole({ userData, args: [`--site=${join(folder, 'site.yaml')}`] })
  page = await shell.page()
  await signIn(page)
})
afterAll(async () => {
  await shell?.[Symbol.asyncDispose]()
  tileServer?.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  page.evaluate(
    async (asked) => {
      try {
        const response = await fetch(asked.path, { headers: asked.headers })
        return { status: response.status, text: await response.text() }
      } catch {
        return 'unreachable'
      }
    },
    { path, headers },
  )

describe('the page', () => {
  it('has nothing of Node, Electron or the preload', async () => {
    const names = ['require', 'process', 'module', 'global', 'Buffer', '__dirname', 'ipcRenderer', 'electron']
    expect(await page.evaluate((all) => all.filter((name) => name in globalThis), names)).toEqual([])
  })

  it('gets a port when it asks as agreed, and no answer to anything else', async () => {
    const ports = await page.evaluate(async () => {
      const arrived: unknown[] = []
      window.addEventListener('message', ({ data, ports }) => {
        if (ports.length > 0) arrived.push(data)
      })
      const rubbish = [
        'watchfloor:port',
        'port-wanted',
        'port',
        null,
        { type: 'watchfloor:port-wanted' },
        ['watchfloor:port-wanted'],
      ]
      for (const message of rubbish) window.postMessage(message, '*')
      const sealed = document.createElement('iframe')
      document.body.append(sealed)
      sealed.remove()
      window.postMessage('watchfloor:port-wanted', '*')
      return new Promise((resolve) => {
        const look = () => (arrived.length === 0 ? requestAnimationFrame(look) : resolve(arrived))
        look()
      })
    })
    expect(ports).toEqual(['watchfloor:port'])
  })

  it('goes nowhere', async () => {
    for (const go of [
      () => location.assign('https://example.test/'),
      () => location.assign('/nowhere.html'),
      () => location.reload(),
      () => {
        const form = document.createElement('form')
        form.action = '/index.html'
        document.body.append(form)
        form.submit()
      },
      () => {
        location.href = URL.createObjectURL(new Blob(['<title>Elsewhere</title>'], { type: 'text/html' }))
      },
    ]) {
      await page.evaluate(go)
      expect(await page.evaluate(() => document.title).catch(() => 'on its way')).not.toBe('Elsewhere')
    }
    await page.getByRole('tree').waitFor()
    expect(
      await shell.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL()),
    ).toBe('app://console/index.html')
  })

  it('opens no window', async () => {
    expect(await page.evaluate(() => String(window.open('https://example.test/')))).toBe('null')
    expect(await shell.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('runs none but its own scripts', async () => {
    const violated = await page.evaluate(async () => {
      const directives = new Set<string>()
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        directives.add(effectiveDirective),
      )
      const script = document.createElement('script')
      script.textContent = 'globalThis.broken = 1'
      const elsewhere = document.createElement('script')
      elsewhere.src = 'data:text/javascript,globalThis.broken=2'
      const frame = document.createElement('iframe')
      frame.src = '/index.html'
      const image = new Image()
      image.src = 'https://example.test/x.png'
      document.body.append(script, elsewhere, frame, image)
      const button = document.createElement('button')
      button.setAttribute('onclick', 'globalThis.broken = 3')
      document.body.append(button)
      button.click()
      // Later: what the test itself runs may evaluate.
      const evaluated = await new Promise((resolve) =>
        setTimeout(() => {
          try {
            new Function('globalThis.broken = 4')()
            resolve('ran')
          } catch {
            resolve('refused')
          }
        }),
      )
      await fetch('https://example.test/').catch(() => undefined)
      while (directives.size < 6) await new Promise(requestAnimationFrame)
      for (const element of [script, elsewhere, frame, image, button]) element.remove()
      return { directives: [...directives].sort(), evaluated, broken: 'broken' in globalThis }
    })
    expect(violated).toEqual({
      directives: ['connect-src', 'frame-src', 'img-src', 'script-src', 'script-src-attr', 'script-src-elem'],
      evaluated: 'refused',
      broken: false,
    })
  })

  it('may hear and see, fill the screen, and nothing more', async () => {
    const state = (name: string) =>
      page.evaluate(
        async (asked) => (await navigator.permissions.query({ name: asked as PermissionName })).state,
        name,
      )
    expect([await state('microphone'), await state('camera')]).toEqual(['granted', 'granted'])
    for (const name of ['geolocation', 'notifications', 'midi', 'persistent-storage', 'screen-wake-lock'])
      expect([name, await state(name)]).toEqual([name, 'denied'])
    expect(
      await page.evaluate(() =>
        navigator.mediaDevices.getUserMedia({ audio: true }).then((stream) => stream.active),
      ),
    ).toBe(true)
  })
})

describe('the console’s address', () => {
  it('serves nothing outside its folder', async () => {
    const up = '..%2f'.repeat(12)
    for (const path of [
      `/${up}${join(folder, 'secret.txt').slice(1).replaceAll('/', '%2f')}`,
      '/%2e%2e/main/index.js',
      '/..%2fmain%2findex.js',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/..%5cmain%5cindex.js',
      `/map-files/${up}etc%2fpasswd`,
    ])
      expect(await get(path)).toEqual({ status: expect.toBeOneOf([403, 404]), text: '' })
    expect(await get('https://other.app.stand-in.test/index.html')).toBe('unreachable')
  })

  it('serves the map files that the seat has, in parts too', async () => {
    expect(await get('/map-files/file-1')).toMatchObject({ status: 200 })
    expect(await get('/map-files/file-1', { range: 'bytes=2-5' })).toEqual({ status: 206, text: 'type' })
    expect(await get('/map-files/file-2')).toMatchObject({ status: 404 })
  })

  it('serves tiles of the site’s basemaps, and asks no server for any other', async () => {
    await expect.poll(() => get('/tiles/streets/0/11/1700/830')).toMatchObject({ status: 200 })
    expect(tilesAsked).toEqual(['/11/1700/830.png'])
    for (const path of [
      '/tiles/other/0/11/1700/830',
      '/tiles/streets/1/11/1700/830',
      '/tiles/streets/0/19/1/1',
    ])
      expect(await get(path)).toMatchObject({ status: 404 })
    expect(tilesAsked).toHaveLength(1)
  })

  it('serves a page with the policy that it should have', async () => {
    const policy = await page.evaluate(async () => {
      const { headers } = await fetch('/index.html')
      return headers.get('content-security-policy')
    })
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[^']{24}'; /)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
  })
})
