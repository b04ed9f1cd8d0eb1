/** desktopCapturer and the screens that pages ask for (electronjs.org/docs/latest/api/desktop-capturer, …/session). */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openFixtureWindow } from '../fixture.ts'
import type { Shell } from '../shell.ts'

let shell: Shell
let page: Page
beforeAll(async () => {
  shell = await openFixtureWindow()
  page = await shell.page()
})
afterAll(() => shell[Symbol.asyncDispose]())
afterEach(() =>
  shell.inMain(({ session }) => {
    fixture.happened = []
    session.defaultSession.setDisplayMediaRequestHandler(null)
  }),
)

/** A page may ask for the screen when somebody does something. */
const ask = async (wanted: { video?: boolean; audio?: boolean } = { video: true }) => {
  await page.evaluate((constraints) => {
    const link = document.getElementById('link') as HTMLAnchorElement
    Object.assign(globalThis, {
      asked: new Promise((resolve) => {
        link.onclick = (event) => {
          event.preventDefault()
          navigator.mediaDevices.getDisplayMedia(constraints).then(
            (stream) => resolve(stream.getTracks().map(({ kind, readyState }) => [kind, readyState])),
            (error) => resolve(error.name),
          )
        }
      }),
    })
  }, wanted)
  await page.locator('#link').click()
  return page.evaluate(() => Reflect.get(globalThis, 'asked'))
}

describe('the screens', () => {
  it('are listed with their windows, and a picture of each where one is wanted', async () => {
    const listed = await shell.inMain(async ({ desktopCapturer }) => {
      const sources = await desktopCapturer.getSources({ types: ['screen', 'window'] })
      return sources.map(({ id, name, thumbnail }) => [
        id.split(':')[0],
        name.length > 0,
        thumbnail.isEmpty() || thumbnail.toDataURL().startsWith('data:image/png;base64,'),
      ])
    })
    expect(listed).toContainEqual(['screen', true, true])
    expect(listed).toContainEqual(['window', true, true])
    const empty = await shell.inMain(async ({ desktopCapturer }) => {
      const none = { width: 0, height: 0 }
      const [screen] = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: none })
      return screen?.thumbnail.isEmpty()
    })
    expect(empty).toBe(true)
  })

  it('are shown to no page without a handler', async () => {
    expect(await ask()).toBe('NotSupportedError')
  })

  it('are shown to a page as the handler answers, which is told who asks for what', async () => {
    await shell.inMain(({ session, desktopCapturer }) => {
      session.defaultSession.setDisplayMediaRequestHandler((request, answer) => {
        const { frame, videoRequested, audioRequested } = request
        fixture.happened.push([frame?.url, videoRequested, audioRequested])
        void desktopCapturer.getSources({ types: ['screen'] }).then(([screen]) => {
          if (screen !== undefined) answer({ video: screen })
        })
      })
    })
    expect(await ask()).toEqual([['video', 'live']])
    expect(await shell.inMain(() => fixture.happened)).toEqual([['app://fixture/page.html', true, false]])
  })

  it('are not shown when the answer has none, which throws', async () => {
    await shell.inMain(({ session }) => {
      session.defaultSession.setDisplayMediaRequestHandler((_request, answer) => {
        try {
          answer({})
        } catch (error) {
          fixture.happened.push((error as Error).name)
        }
      })
    })
    expect(await ask()).toBe('AbortError')
    expect(await shell.inMain(() => fixture.happened)).toEqual(['TypeError'])
  })
})
