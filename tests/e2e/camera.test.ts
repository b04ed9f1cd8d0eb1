/** A unit's camera on its card: seen at one click, told why where it is not, back by itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endings } from '../support/at-end.ts'
import { type Cameras, cameraLogin, startCameras } from '../support/rtsp-camera.ts'
import { smallCity, smallCityWith } from '../support/site.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'

describe('a unit with a camera', () => {
  const { atEnd, run } = endings()
  let cameras: Cameras
  let console: TestConsole

  beforeAll(async () => {
    cameras = await startCameras(atEnd)
    const [patrol, ...others] = smallCity.units
    const camera = { kind: 'camera', source: 'body-camera' }
    const hub = await startVideoHub(atEnd, {
      site: smallCityWith({
        units: [{ ...patrol, terminals: [...patrol.terminals, camera] }, ...others],
        sources: [
          { id: 'body-camera', name: '执法仪', kind: 'rtsp', url: cameras.url('ball'), unit: 'north-patrol' },
        ],
      }),
      cameras: { 'body-camera': cameraLogin },
    })
    console = await openConsole({ hub: hub.url })
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
  const view = () => console.page.locator('[data-source="body-camera"]')
  /** How much of the picture has been played, s. */
  const played = () =>
    view()
      .locator('video')
      .evaluate((video: HTMLVideoElement) => (video.videoWidth > 0 ? video.currentTime : 0))
  const expectMoving = async () => {
    await view().and(console.page.locator('[data-state="live"]')).waitFor()
    const before = await played()
    await expect.poll(played).toBeGreaterThan(before)
  }

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

  it('is back by itself when the page has crashed and was loaded anew', async () => {
    await console.crashPage()
    await console.page.getByRole('tree').waitFor()
    await choose()
    await expectMoving()
    expect(console.complaints).toEqual([])
  })
})
