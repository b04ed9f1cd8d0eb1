/** protocol.handle (electronjs.org/docs/latest/api/protocol) as a page meets it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIXTURE_PAGE, openFixtureWindow, sendTo } from '../fixture.ts'
import type { Shell } from '../shell.ts'

let shell: Shell
let page: Page

beforeAll(async () => {
  shell = await openFixtureWindow()
  page = await shell.page()
})
afterAll(() => shell?.[Symbol.asyncDispose]())

interface Got {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

const get = (path: string, init: Got = {}) =>
  page.evaluate(
    async ({ url, options }) => {
      try {
        const response = await fetch(url, options)
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          text: await response.text(),
        }
      } catch (error) {
        return String(error)
      }
    },
    { url: path, options: init },
  )

describe('a scheme of the app’s own', () => {
  it('brings status, headers and body of the answer', async () => {
    expect(await get('part')).toEqual({
      status: 206,
      headers: expect.objectContaining({ 'content-range': 'bytes 1-3/6', 'x-mark': 'yes' }),
      text: 'bcd',
    })
    expect(await get('nowhere')).toMatchObject({ status: 404, text: '' })
  })

  it('brings address, method, headers and body of the request', async () => {
    const asked = await get('echo?q=%E5%8D%97', {
      method: 'POST',
      headers: { range: 'bytes=1-3' },
      body: '{"text":"南京"}',
    })
    expect(JSON.parse((asked as { text: string }).text)).toEqual({
      url: 'app://fixture/echo?q=%E5%8D%97',
      method: 'POST',
      range: 'bytes=1-3',
      body: '{"text":"南京"}',
    })
  })

  it('serves workers and what they fetch', async () => {
    const fetched = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const worker = new Worker('worker.js')
          worker.onmessage = ({ data }) => resolve(data.url)
          worker.onerror = (error) => resolve(error.message)
        }),
    )
    expect(fetched).toBe('app://fixture/echo')
  })

  it('follows the app’s own redirects', async () => {
    expect(await get('elsewhere')).toMatchObject({ status: 200, text: expect.stringContaining('Fixture') })
  })

  it('fails like a network where the handler throws or gives an error', async () => {
    expect(await get('broken')).toBe('TypeError: Failed to fetch')
    expect(await get('error')).toBe('TypeError: Failed to fetch')
    expect(shell.printed()).toContain('the handler broke')
  })

  it('asks the handler about strange hosts too', async () => {
    await sendTo(shell, page, 'app://stranger/page.html')
    expect(await page.evaluate(() => document.body.innerText)).toBe('a stranger')
    await sendTo(shell, page, FIXTURE_PAGE)
  })

  it('has its content policy honoured', async () => {
    expect(await page.evaluate(() => 'inlineRan' in globalThis)).toBe(false)
    const refused = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
            resolve(effectiveDirective),
          )
          const script = document.createElement('script')
          script.textContent = 'globalThis.inlineRan = true'
          document.body.append(script)
        }),
    )
    expect(refused).toBe('script-src-elem')
    expect(await page.evaluate(() => 'inlineRan' in globalThis)).toBe(false)
  })
})

describe('the network', () => {
  it('is out of reach of pages and their workers', async () => {
    // Without a policy the page may try.
    await shell.inMain(({ protocol }) =>
      protocol.handle(
        'bare',
        () => new Response('<title>Bare</title>', { headers: { 'content-type': 'text/html' } }),
      ),
    )
    await sendTo(shell, page, 'bare://page/')
    for (const url of [
      'https://example.test/',
      'http://127.0.0.1:9/',
      'https://fixture.other.stand-in.test/',
    ])
      expect(await get(url)).toBe('TypeError: Failed to fetch')
  })
})

describe('a handler', () => {
  it('is registered once, for a scheme of the app’s own, when the app is ready', async () => {
    const why = await shell.inMain(({ protocol }) =>
      [
        () => protocol.handle('app', () => new Response()),
        () => protocol.handle('https', () => new Response()),
        () => protocol.registerSchemesAsPrivileged([]),
      ].map((work) => {
        try {
          work()
          return 'done'
        } catch (error) {
          return (error as Error).message
        }
      }),
    )
    expect(why).toEqual([
      'Failed to register protocol: app',
      'the stand-in for Electron has no protocol.handle for https',
      'protocol.registerSchemesAsPrivileged should be called before app is ready',
    ])
  })
})
