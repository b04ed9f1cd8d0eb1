/** A unit's camera on its card: seen at one click, told why where it is not, back by itself. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endings } from '../support/at-end.ts'
import type { TestHub } from '../support/hub.ts'
import { type OnvifCamera, startOnvifCamera } from '../support/onvif-camera.ts'
import { type Cameras, cameraLogin, cameraSound, startCameras } from '../support/rtsp-camera.ts'
import { smallCity, smallCityWith } from '../support/site.ts'
import { childrenCalled, startVideoHub } from '../support/video-hub.ts'
import { openVideoSeat } from '../support/video-seat.ts'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'
import { hears, tapEars } from './ears.ts'

describe('a unit with a camera', () => {
  const { atEnd, run } = endings()
  let cameras: Cameras
  let turning: OnvifCamera
  let hub: TestHub
  let console: TestConsole

  beforeAll(async () => {
    cameras = await startCameras(atEnd)
    turning = await startOnvifCamera(atEnd, { login: cameraLogin })
    const [patrol, ...others] = smallCity.units
    const camera = { kind: 'camera', source: 'body-camera' }
    hub = await startVideoHub(atEnd, {
      site: smallCityWith({
        units: [{ ...patrol, terminals: [...patrol.terminals, camera] }, ...others],
        sources: [
          {
            id: 'body-camera',
            name: '执法仪',
            kind: 'rtsp',
            url: cameras.url('ball'),
            onvif: turning.url,
            unit: 'north-patrol',
          },
          {
            id: 'crossing',
            name: '路口',
            kind: 'rtsp',
            url: cameras.url('described'),
            area: 'north',
            agency: 'police',
          },
        ],
      }),
      cameras: { 'body-camera': cameraLogin, crossing: cameraLogin },
    })
    console = await openConsole({ hub: hub.url, secondDisplay: '1920x1080' })
    atEnd(() => console.close())
    await signInAs(console.page, 'north-officer')
  })
  afterAll(run)

  const choose = async () => {
    const { page } = console
    await page.keyboard.press('/')
    await page.keyboard.type('北区巡逻')
    await page.locator('[data-key="unit/north-patrol"]').click()
  }
  const card = () => console.page.locator('[data-unit]')
  const view = () => card().locator('[data-source="body-camera"]')
  const isMoving = async (picture: Locator) => {
    await picture.and(picture.page().locator('[data-state="live"]')).waitFor()
    /** How much of it has been played, s. */
    const played = () =>
      picture
        .locator('video')
        .evaluate((video: HTMLVideoElement) => (video.videoWidth > 0 ? video.currentTime : 0))
    const before = await played()
    await expect.poll(played).toBeGreaterThan(before)
  }
  const expectMoving = () => isMoving(view())
  const tileIn = (page: Page, source: string) => page.getByTestId('wall').locator(`[data-source="${source}"]`)
  /** How many are not black. */
  const litPixels = (still: Locator) =>
    still.evaluate((canvas: HTMLCanvasElement) => {
      const { data = [] } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {}
      return data.filter((value, at) => at % 4 !== 3 && value > 32).length
    })

  it('shows what it sees as soon as the unit is clicked', async () => {
    const { page } = console
    await choose()
    await expectMoving()
    await page.getByText(/实时 · \d+ kbit\/s/).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('says why there is no picture, and shows it again by itself', async () => {
    await cameras.unplug()
    await view().getByText('摄像机无应答').waitFor()
    await cameras.plugIn()
    await expectMoving()
  })

  it('is turned while a button or a key is held, and goes to what it has stored', async () => {
    const { page } = console
    await view().getByRole('button', { name: '云台' }).click()
    const pad = card().getByRole('group', { name: '云台控制:执法仪' })
    const left = pad.getByRole('button', { name: '向左' })
    await left.hover()
    await page.mouse.down()
    await expect.poll(() => turning.moving).toBe('-0.5 0 0')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.mouse.up()
    await expect.poll(() => turning.moving).toBe(null)
    await pad.getByText('快', { exact: true }).click()
    await left.focus()
    for (const [key, way] of [
      ['ArrowUp', '0 1 0'],
      ['+', '0 0 1'],
    ] as const) {
      await page.keyboard.down(key)
      await expect.poll(() => turning.moving).toBe(way)
      await page.keyboard.up(key)
      await expect.poll(() => turning.moving).toBe(null)
    }
    await pad.getByRole('combobox', { name: '预置位' }).click()
    await page.getByText('停车场 & 出口').click()
    await expect.poll(() => turning.done.at(-1)).toBe('go-to p-2')
  })

  it('goes to the video wall with a double click, beside others', async () => {
    const { page } = console
    await page.locator('[data-key="unit/north-patrol"]').dblclick()
    const wall = page.getByTestId('wall')
    const tile = (source: string) => wall.locator(`[data-source="${source}"]`)
    await wall.getByRole('combobox', { name: '添加视频源…' }).fill('路口')
    await page.keyboard.press('Enter')
    for (const source of ['body-camera', 'crossing']) await isMoving(tile(source))
    await wall.getByRole('button', { name: '画面参数' }).click()
    await tile('crossing')
      .getByText(/640×360 · \d+ 帧\/秒/)
      .waitFor()
    await tile('body-camera').hover()
    await tile('body-camera').getByRole('button', { name: '云台控制:执法仪' }).click()
    await tile('body-camera').getByRole('group', { name: '云台控制:执法仪' }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await tile('body-camera').getByRole('button', { name: '云台控制:执法仪' }).click()
  })

  it('is heard on the wall by whoever listens to it', async () => {
    const { page } = console
    const tile = page.getByTestId('wall').locator('[data-source="crossing"]')
    await tapEars(page)
    await tile.hover()
    await tile.getByRole('button', { name: '监听:路口' }).click()
    await expect.poll(() => hears(page, cameraSound)).toBe(true)
    await tile.getByRole('button', { name: '停止监听:路口' }).click()
    await expect.poll(() => hears(page, cameraSound)).toBe(false)
  })

  it('goes with the wall to another display and back, looked at and listened to as before', async () => {
    const { page } = console
    const crossing = tileIn(page, 'crossing')
    await crossing.hover()
    await crossing.getByRole('button', { name: '监听:路口' }).click()
    await page.getByTestId('wall').getByRole('button', { name: '移到另一屏' }).click()
    const apart = await console.wallPage()
    for (const source of ['body-camera', 'crossing']) await isMoving(tileIn(apart, source))
    expect(await apart.evaluate(() => [innerWidth, innerHeight])).toEqual([1920, 1080])
    await page.getByText('视频墙正在独立窗口中显示。').waitFor()
    for (const shown of [page, apart]) expect(await accessibilityFaults(shown)).toEqual([])
    await tapEars(apart)
    await tileIn(apart, 'crossing').hover()
    await tileIn(apart, 'crossing').getByRole('button', { name: '停止监听:路口' }).click()
    await tileIn(apart, 'crossing').getByRole('button', { name: '监听:路口' }).click()
    await expect.poll(() => hears(apart, cameraSound)).toBe(true)
    // On its card it is watched by the console's page, too: one seat.
    await choose()
    await expectMoving()
    await view()
      .getByText(/实时 · \d+ kbit\/s$/)
      .waitFor()
    await apart.locator('[data-source="crossing"] button[data-place]').press('Delete')
    await expect.poll(() => tileIn(apart, 'crossing').count()).toBe(0)
    await page.locator('[data-key="unit/north-patrol"]').dblclick()
    await apart.getByRole('combobox', { name: '添加视频源…' }).fill('路口')
    await apart.keyboard.press('Enter')
    await isMoving(tileIn(apart, 'crossing'))
    const closed = apart.waitForEvent('close')
    await apart.getByRole('button', { name: '收回控制台' }).click()
    await closed
    for (const source of ['body-camera', 'crossing']) await isMoving(tileIn(page, source))
  })

  it('stands still on the wall while it is frozen, which is said, and goes on afterwards', async () => {
    const wall = console.page.getByTestId('wall')
    const tile = wall.locator('[data-source="crossing"]')
    await tile.hover()
    await tile.getByRole('button', { name: '定格:路口' }).click()
    await tile.getByText(/定格 \d\d:\d\d:\d\d/).waitFor()
    expect(await tile.getAttribute('data-state')).toBe('frozen')
    expect(await litPixels(tile.locator('canvas'))).toBeGreaterThan(0)
    const saved = console.page.waitForEvent('download')
    await tile.getByRole('button', { name: '抓拍:路口' }).click()
    expect((await saved).suggestedFilename()).toMatch(/^路口 \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png$/)
    await tile.getByRole('button', { name: '恢复实时:路口' }).click()
    await isMoving(tile)
  })

  it('is put to the incident that is selected, as it is seen now', async () => {
    const { page } = console
    const tile = page.getByTestId('wall').locator('[data-source="crossing"]')
    expect(await tile.getByRole('button', { name: /存入事件/ }).count()).toBe(0)
    await page.getByRole('tree').focus()
    await page.keyboard.press('i')
    await page.locator('input:focus').waitFor()
    await page.keyboard.type('路口事故')
    await page.keyboard.press('Enter')
    await tile.hover()
    await tile.getByRole('button', { name: /^将 路口 的画面存入事件 #\d+ 路口事故$/ }).click()
    const picture = page.getByTestId('timeline').locator('li[data-kind="message.sent"] img')
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(640)
    await picture.click()
    const large = page.getByRole('dialog')
    await large.getByRole('button', { name: /^保存 路口 / }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await large.waitFor({ state: 'detached' })
  })

  it('is back on the wall by itself when the hub’s video workers have died', async () => {
    const wall = console.page.getByTestId('wall')
    const before = childrenCalled('mediasoup-worker')
    for (const pid of before) process.kill(pid, 'SIGKILL')
    await expect
      .poll(() => childrenCalled('mediasoup-worker').filter((pid) => !before.includes(pid)).length)
      .toBe(before.length)
    for (const source of ['body-camera', 'crossing'])
      await isMoving(wall.locator(`[data-source="${source}"]`))
  })

  it('is moved, enlarged and taken off the wall with keys, and the wall stays as it was left', async () => {
    const { page } = console
    const wall = page.getByTestId('wall')
    const places = () =>
      wall
        .locator('li')
        .evaluateAll((all) =>
          all.map((place) => place.querySelector<HTMLElement>('[data-source]')?.dataset.source ?? null),
        )
    await expect.poll(places).toEqual(['body-camera', 'crossing', null, null])
    const first = wall.locator('[data-source="body-camera"] button[data-place]')
    await first.press('Enter')
    await expect.poll(() => first.getAttribute('aria-pressed')).toBe('true')
    const width = (source: string) =>
      wall.locator(`[data-source="${source}"] video`).evaluate((video) => video.clientWidth)
    expect(await width('body-camera')).toBeGreaterThan(1.5 * (await width('crossing')))
    await first.press('Enter')
    await first.press('Control+ArrowDown')
    await expect.poll(places).toEqual([null, 'crossing', 'body-camera', null])
    await wall.locator('[data-source="crossing"] button[data-place]').press('Delete')
    await expect.poll(places).toEqual([null, null, 'body-camera', null])
    // By the mouse: from the directory, from the card, and from place to place.
    await page.locator('[data-key="unit/north-patrol"]').dragTo(wall.locator('li').nth(3))
    await expect.poll(places).toEqual([null, null, null, 'body-camera'])
    await choose()
    await view().dragTo(wall.locator('li').nth(1))
    await expect.poll(places).toEqual([null, 'body-camera', null, null])
    await wall.locator('[data-source="body-camera"] figcaption').dragTo(wall.locator('li').nth(2))
    await expect.poll(places).toEqual([null, null, 'body-camera', null])
    await expect
      .poll(() => console.keptSettings().walls['north-officer']?.places)
      .toEqual([null, null, 'body-camera'])
  })

  it('is back by itself when the page has crashed and was loaded anew', async () => {
    const { statuses } = await openVideoSeat(atEnd, hub, 'supervisor')
    const viewers = () => statuses().find(({ source }) => source === 'body-camera')?.viewers
    await expect.poll(viewers).toBe(1)
    await console.page.locator('.dv-tab', { hasText: '地图' }).click()
    await expect.poll(() => JSON.stringify(console.keptSettings().layouts)).toContain('"activeView":"map"')
    await console.crashPage()
    await console.page.getByRole('tree').waitFor()
    // It stands on the wall, which is behind the map: nobody watches it.
    await console.page.locator('.dv-tab', { hasText: '视频墙' }).waitFor()
    await expect.poll(viewers).toBe(0)
    await choose()
    await expectMoving()
    expect(console.complaints).toEqual([])
  })
})
