/** Two consoles at one hub meet in a room: one opens it and chairs it, the other is rung. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusedBy } from '../../contract/rpc.ts'
import { endings } from '../support/at-end.ts'
import type { TestHub } from '../support/hub.ts'
import { smallCityWith } from '../support/site.ts'
import { childrenCalled, startVideoHub } from '../support/video-hub.ts'
import { openVideoSeat } from '../support/video-seat.ts'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'
import { speakInTones } from './ears.ts'

const TOKEN = 'token-of-the-drone'
const ROOM = '北区火情会商'

const { atEnd, run } = endings()
let hub: TestHub
let chair: Page
let officer: Page
let there: TestConsole
let consoles: readonly TestConsole[]

beforeAll(async () => {
  const drone = { id: 'drone', name: '无人机', kind: 'whip', unit: 'north-patrol', password: TOKEN }
  hub = await startVideoHub(atEnd, { site: smallCityWith({ sources: [drone] }) })
  const opened = await Promise.all([openConsole({ hub: hub.url }), openConsole({ hub: hub.url })])
  consoles = opened
  for (const each of opened) atEnd(() => each.close())
  const [here, other] = opened
  there = other
  chair = here.page
  officer = there.page
  await speakInTones(officer, 700)
  await Promise.all([signInAs(chair, 'supervisor'), signInAs(officer, 'north-officer')])
})
afterAll(run)

/** Buttons of two signs have a space between them. */
const button = (page: Page, words: string) =>
  page.getByRole('button', { name: new RegExp(`^${[...words].join(' ?')}`) })
const panel = (page: Page) => page.locator('.dv-tab', { hasText: '会商' }).click()
const tile = (page: Page, who: string, of: 'person' | 'screen' = 'person') =>
  page.locator(`[data-tile="${of}/${who}"]`)

/** What is seen in a tile, as a number that changes with every change of the picture; 0: nothing. */
const seen = (page: Page, account: string, of: 'person' | 'screen' = 'person') =>
  tile(page, account, of)
    .locator('video')
    .evaluate((video: HTMLVideoElement) => {
      if (video.videoWidth === 0) return 0
      const canvas = new OffscreenCanvas(64, 36)
      const context = canvas.getContext('2d')
      context?.drawImage(video, 0, 0, 64, 36)
      const { data } = context?.getImageData(0, 0, 64, 36) ?? { data: new Uint8ClampedArray() }
      return data.reduce((sum, value, at) => (sum * 31 + (at % 4 === 3 ? 0 : value)) % 1_000_003, 0)
    })
const expectMoving = async (page: Page, account: string, of: 'person' | 'screen' = 'person') => {
  await tile(page, account, of).and(page.locator('[data-picture="live"]')).waitFor()
  await expect.poll(() => seen(page, account, of), { timeout: 10_000 }).not.toBe(0)
  const before = await seen(page, account, of)
  await expect.poll(() => seen(page, account, of), { timeout: 10_000 }).not.toBe(before)
}
const heard = (page: Page) =>
  page.getByRole('meter', { name: '会商音量' }).evaluate((meter: HTMLMeterElement) => meter.value)
const chairs = async (account: string, act: string) => {
  await tile(chair, account)
    .getByRole('button', { name: /主持操作/ })
    .click()
  await chair.getByRole('menuitem', { name: act, exact: true }).click()
}

describe('a room', () => {
  it('is opened at one console, and rings at the other without taking the focus', async () => {
    await panel(chair)
    await button(chair, '发起会商').click()
    await chair.getByRole('textbox', { name: '会商名称' }).fill(ROOM)
    await chair.getByRole('checkbox', { name: '北区值班员 · 在席' }).check()
    expect(await accessibilityFaults(chair)).toEqual([])
    await officer.keyboard.press('/')
    await officer.keyboard.type('北')
    await chair
      .locator('form')
      .getByRole('button', { name: /^发 ?起/ })
      .click()
    await officer.getByText(`带班长 邀请您参加会商「${ROOM}」`).waitFor()
    await officer.keyboard.type('区')
    expect(await officer.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('北区')
    expect(await accessibilityFaults(officer)).toEqual([])
  })

  it('shows how one will be seen before joining, and joins muted', async () => {
    await chair.getByLabel('我的画面').waitFor()
    expect(await accessibilityFaults(chair)).toEqual([])
    await button(chair, '静音进入').click()
    await button(officer, '接受').click()
    await button(officer, '静音进入').click()
    await tile(chair, 'north-officer').locator('[data-mark="muted"]').getByText('话筒关').waitFor()
  })

  it('brings each the moving picture of the other', async () => {
    await expectMoving(chair, 'north-officer')
    await expectMoving(officer, 'supervisor')
    expect(await accessibilityFaults(chair)).toEqual([])
    expect(await accessibilityFaults(officer)).toEqual([])
  })

  it('is heard until the chair mutes, whatever the page of the muted one sends', async () => {
    await button(officer, '话筒关').click()
    await expect.poll(() => heard(chair), { timeout: 10_000 }).toBeGreaterThan(0.01)
    await chairs('north-officer', '静音')
    await officer.getByText('主持人已将您静音').waitFor()
    await expect.poll(() => heard(chair), { timeout: 10_000 }).toBeLessThan(0.001)
    await chairs('north-officer', '解除静音')
    await expect.poll(() => heard(chair), { timeout: 10_000 }).toBeGreaterThan(0.01)
  })

  it('refuses the chair’s acts to everybody else, also when they are forged on the wire', async () => {
    expect(await officer.getByRole('button', { name: /主持操作/ }).count()).toBe(0)
    expect(await button(officer, '全体静音').count()).toBe(0)
    const forger = await openVideoSeat(atEnd, hub, 'north-officer')
    await expect.poll(() => forger.rooms().length).toBe(1)
    const [room] = forger.rooms()
    const chaired = { act: 'mute', account: 'supervisor', what: 'sound', muted: true } as const
    const refused = await forger.client.rooms.request
      .mutate({ kind: 'chair', room: room?.id ?? '', chaired })
      .catch(refusedBy)
    expect(refused).toMatchObject({ code: 'forbidden' })
  })

  it('goes on when another panel has been in front of it', async () => {
    const received = () =>
      tile(chair, 'north-officer')
        .locator('video')
        .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames)
    await chair.locator('.dv-tab', { hasText: '地图' }).click()
    await chair.getByText('会商 ● 话筒关').waitFor()
    await panel(chair)
    const before = await received()
    await expect.poll(received).toBeGreaterThan(before)
  })

  it('has the hands of those who want to speak, and who is in the spotlight', async () => {
    await button(officer, '▲ 举手').click()
    await tile(chair, 'north-officer').locator('[data-mark="hand"]').waitFor()
    await chairs('north-officer', '设为焦点')
    await chair.getByText('焦点', { exact: true }).last().click()
    await officer.locator('[data-layout="spotlight"]').waitFor()
    await expectMoving(chair, 'north-officer')
  })

  it('is written in, too, and who has it closed is told of what is new', async () => {
    await button(chair, '文字').click()
    await chair.getByRole('textbox', { name: '写消息' }).fill('请报告现场情况')
    await chair.keyboard.press('Enter')
    await officer.getByRole('button', { name: '文字(1 条未读)' }).click()
    await officer.getByTestId('messages').getByText('请报告现场情况').waitFor()
    await chair.getByTestId('messages').getByText('1 人已读').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
    await button(chair, '文字').click()
    await chair.getByTestId('messages').waitFor({ state: 'detached' })
  })

  it('shows everybody the screen that an officer chooses, until they stop or the chair stops the picture', async () => {
    await button(officer, '共享屏幕').click()
    const choice = officer.getByRole('dialog', { name: '选择要给所有人看的屏幕或窗口' })
    await choice.getByRole('radio', { name: 'Entire screen' }).check()
    expect(await accessibilityFaults(officer)).toEqual([])
    await choice.getByRole('button', { name: '开始共享' }).click()
    await tile(officer, 'north-officer', 'screen').getByText('您正在向所有人共享此屏幕。').waitFor()
    await expectMoving(chair, 'north-officer', 'screen')
    await tile(chair, 'north-officer', 'screen').getByText('北区值班员 的屏幕').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
    await chairs('north-officer', '关闭画面')
    await tile(chair, 'north-officer', 'screen').waitFor({ state: 'detached' })
    await chairs('north-officer', '允许画面')
    await expectMoving(chair, 'north-officer', 'screen')
    await officer.getByRole('button', { name: '停止共享' }).click()
    await tile(chair, 'north-officer', 'screen').waitFor({ state: 'detached' })
    await button(officer, '共享屏幕').waitFor()
  })

  it('gives the page no screen that its officer did not choose', async () => {
    await officer.evaluate(() =>
      document.body.addEventListener(
        'click',
        () => {
          const refused = navigator.mediaDevices.getDisplayMedia({ video: true }).catch((error) => error.name)
          Object.assign(globalThis, { refused })
        },
        { once: true },
      ),
    )
    await officer.getByRole('heading', { name: ROOM }).click()
    expect(await officer.evaluate(() => Reflect.get(globalThis, 'refused'))).toBe('AbortError')
  })

  it('has the cameras that its chair shows to all, until they are shown no more', async () => {
    await button(chair, '显示视频源').click()
    await chair.getByRole('menuitem', { name: '无人机' }).click()
    await officer.locator('[data-tile="source/drone"]').getByText('该视频源目前没有画面').waitFor()
    await chair
      .locator('[data-tile="source/drone"]')
      .getByRole('button', { name: /主持操作/ })
      .click()
    await chair.getByRole('menuitem', { name: '不再显示' }).click()
    await officer.locator('[data-tile="source/drone"]').waitFor({ state: 'detached' })
  })

  it('has the officer back by itself when their page has crashed and was loaded anew', async () => {
    await there.crashPage()
    officer = there.page
    await officer.getByRole('tree').waitFor()
    await panel(officer)
    await expectMoving(officer, 'supervisor')
    await expectMoving(chair, 'north-officer')
  })

  it('goes on for all by itself when the hub’s video workers have died', async () => {
    for (const pid of childrenCalled('mediasoup-worker')) process.kill(pid, 'SIGKILL')
    await Promise.all([expectMoving(chair, 'north-officer'), expectMoving(officer, 'supervisor')])
  })

  it('ends for all when its chair ends it, and says so', async () => {
    await button(chair, '结束会商').click()
    await chair
      .getByRole('tooltip')
      .getByRole('button', { name: /^结束会商/ })
      .click()
    await officer.getByText(`会商「${ROOM}」已结束。`).waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
  })

  it('lets in whom its chair admits, has another chair, and is left by who is removed', async () => {
    await button(officer, '发起会商').click()
    await officer.getByRole('textbox', { name: '会商名称' }).fill('北区碰头')
    await officer
      .locator('form')
      .getByRole('button', { name: /^发 ?起/ })
      .click()
    await button(officer, '静音进入').click()
    const asking = officer.locator('[data-outside="supervisor"][data-state="asking"]')
    await button(chair, '申请加入').click()
    await asking.getByRole('button', { name: /^谢 ?绝/ }).click()
    await chair.getByText('您不参加').waitFor()
    await button(chair, '申请加入').click()
    expect(await accessibilityFaults(officer)).toEqual([])
    await asking.getByRole('button', { name: /^同 ?意/ }).click()
    await chair
      .locator('[data-own="expected"]')
      .getByRole('button', { name: /^进 ?入/ })
      .click()
    await button(chair, '静音进入').click()
    await expectMoving(officer, 'supervisor')
    await tile(officer, 'supervisor')
      .getByRole('button', { name: /主持操作/ })
      .click()
    await officer.getByRole('menuitem', { name: '移交主持' }).click()
    await chairs('north-officer', '移出会商')
    await officer.getByText('主持人已将您移出会商「北区碰头」。').waitFor()
    await tile(chair, 'north-officer').waitFor({ state: 'detached' })
    expect(await officer.locator('[data-own="removed"]').getByRole('button').count()).toBe(0)
    expect(consoles.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
