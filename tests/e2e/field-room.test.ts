/** A room rings at a phone in the field: answered with camera and microphone, met with a console, through a bad network. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIELD_PATH } from '../../contract/field.ts'
import { endings } from '../support/at-end.ts'
import { launchBrowser } from '../support/browser.ts'
import { cityWithCrews } from '../support/incidents.ts'
import { PASSWORD } from '../support/site.ts'
import { openTcpPath, type TcpPath } from '../support/tcp-path.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'
import { hears, speakInTones, tapEars } from './ears.ts'

/** What the phone's microphone says, Hz. */
const VOICE = 700
const ROOM = '北区现场会商'
const { atEnd, run } = endings()
let console: TestConsole
let officer: Page
let phone: Page
/** The network between the phone and its hub. */
let path: TcpPath
const complaints: string[] = []

beforeAll(async () => {
  const hub = await startVideoHub(atEnd, { site: cityWithCrews })
  path = await openTcpPath(atEnd, Number(new URL(hub.url).port))
  const { browser } = await launchBrowser(atEnd)
  phone = await browser.newPage({ viewport: { width: 390, height: 800 }, locale: 'zh-CN' })
  phone.on('pageerror', (error) => complaints.push(String(error)))
  await phone.goto(`http://127.0.0.1:${path.port}${FIELD_PATH}/`)
  await speakInTones(phone, VOICE)
  await phone.getByLabel('账号').fill('north-crew')
  await phone.getByLabel('密码').fill(PASSWORD)
  await phone.keyboard.press('Enter')
  await phone.getByText('目前没有任务。').waitFor()
  console = await openConsole({ hub: hub.url })
  atEnd(() => console.close())
  officer = console.page
  await signInAs(officer, 'supervisor')
  await tapEars(officer)
})
afterAll(run)

const button = (page: Page, words: string) =>
  page.getByRole('button', { name: new RegExp(`^${[...words].join(' ?')}`) })
const tile = () => officer.locator('[data-tile="person/north-crew"]')
const isMoving = async (page: Page, selector: string) => {
  const played = () =>
    page
      .locator(selector)
      .evaluate((video: HTMLVideoElement) => (video.videoWidth > 0 ? video.currentTime : 0))
  await page.locator(selector).waitFor()
  await expect.poll(played).toBeGreaterThan(0)
  const before = await played()
  await expect.poll(played).toBeGreaterThan(before)
}

describe('a phone in the field', () => {
  it('rings when its crew is invited to a room, and says by whom and to what', async () => {
    await officer.locator('.dv-tab', { hasText: '会商' }).click()
    await button(officer, '发起会商').click()
    await officer.getByRole('textbox', { name: '会商名称' }).fill(ROOM)
    await officer.getByRole('checkbox', { name: /^北区巡逻组/ }).check()
    await officer
      .locator('form')
      .getByRole('button', { name: /^发 ?起/ })
      .click()
    await button(officer, '静音进入').click()
    await phone.getByText(`带班长 邀请您参加会商「${ROOM}」`).waitFor()
    expect(await accessibilityFaults(phone)).toEqual([])
  })

  it('is seen and heard there, and sees the others', async () => {
    await phone.getByRole('button', { name: '视频接听' }).click()
    await tile().and(officer.locator('[data-picture="live"]')).waitFor()
    await isMoving(officer, '[data-tile="person/north-crew"] video')
    await expect.poll(() => hears(officer, VOICE)).toBe(true)
    await isMoving(phone, '.others video')
    await phone.getByText('带班长', { exact: false }).first().waitFor()
    expect(await accessibilityFaults(phone)).toEqual([])
  })

  it('is not heard while its microphone is off, and says when the chair has muted it', async () => {
    await phone.getByRole('button', { name: '话筒开' }).click()
    await expect.poll(() => hears(officer, VOICE)).toBe(false)
    await phone.getByRole('button', { name: '话筒关' }).click()
    await expect.poll(() => hears(officer, VOICE)).toBe(true)
    await tile()
      .getByRole('button', { name: /主持操作/ })
      .click()
    await officer.getByRole('menuitem', { name: '静音', exact: true }).click()
    await phone.getByText('主持人已将您静音。').waitFor()
    await expect.poll(() => hears(officer, VOICE)).toBe(false)
  })

  it('is back by itself when its network was cut', async () => {
    path.takeAway()
    await phone.getByText('没有网络', { exact: false }).waitFor()
    await tile().waitFor({ state: 'detached' })
    path.giveBack()
    await tile().and(officer.locator('[data-picture="live"]')).waitFor()
    await isMoving(officer, '[data-tile="person/north-crew"] video')
    await isMoving(phone, '.others video')
  })

  it('is told when the room is over', async () => {
    await button(officer, '结束会商').click()
    await officer
      .getByRole('tooltip')
      .getByRole('button', { name: /^结束会商/ })
      .click()
    await phone.getByText('会商已结束。').waitFor()
    expect([...complaints, ...console.complaints]).toEqual([])
  })
})
