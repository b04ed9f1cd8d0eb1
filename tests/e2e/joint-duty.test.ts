/** An officer of another agency, at a console of their own, is invited to an incident: into its room, and out at once. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { endings } from '../support/at-end.ts'
import type { TestHub } from '../support/hub.ts'
import { assign, cityWithCrews, grade, open } from '../support/incidents.ts'
import { type TestSeat, takeSeat } from '../support/seat.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'

const TITLE = '北门街道冒烟'

const { atEnd, run } = endings()
let hub: TestHub
let seat: TestSeat
let chief: Page
let guest: Page
let consoles: readonly TestConsole[]

beforeAll(async () => {
  hub = await startVideoHub(atEnd, { site: cityWithCrews })
  seat = await takeSeat(atEnd, hub.url, 'supervisor')
  for (const command of [
    open(),
    grade(),
    assign('t1', 'north-patrol'),
    open('i2', { title: '另一起事件' }),
    grade('III', 'i2'),
    assign('t2', 'south-engine', 'i2'),
  ])
    await does(command)
  consoles = await Promise.all([openConsole({ hub: hub.url }), openConsole({ hub: hub.url })])
  for (const each of consoles) atEnd(() => each.close())
  ;[chief, guest] = consoles.map(({ page }) => page) as [Page, Page]
  await signInAs(chief, 'supervisor')
  await guest.locator('[data-account="guest"]').click()
  await guest.locator('.dv-tab').first().waitFor()
})
afterAll(run)

const does = (command: Command) => seat.client.submit.mutate({ key: randomUUID(), command })
const tab = (page: Page, name: string) => page.locator('.dv-tab', { hasText: name }).first().click()
const button = (page: Page, words: string) =>
  page.getByRole('button', { name: new RegExp(`^${[...words].join(' ?')}`) })
const units = (page: Page) =>
  page.locator('[role="treeitem"][data-key^="unit/"]').evaluateAll((all) => all.map((one) => one.dataset.key))
const isMoving = (page: Page, account: string) =>
  page.locator(`[data-tile="person/${account}"]`).and(page.locator('[data-picture="live"]')).waitFor()

describe('an officer of another agency', () => {
  it('sees nothing before they are invited', async () => {
    await tab(guest, '事件')
    expect(await guest.getByText(TITLE).count()).toBe(0)
    expect(await units(guest)).toEqual([])
  })

  it('is invited to one incident, and sees it and its units, and no other', async () => {
    await tab(chief, '事件')
    await chief.getByText(TITLE).first().click()
    await button(chief, '联勤').click()
    await chief
      .getByRole('tooltip')
      .getByRole('listitem')
      .filter({ hasText: '联勤' })
      .getByRole('button', { name: /^邀 ?请$/ })
      .click()
    await chief.keyboard.press('Escape')
    const notice = guest.getByRole('alert').filter({ hasText: `您受邀联勤:#1 ${TITLE}` })
    await notice.waitFor()
    expect(await accessibilityFaults(guest)).toEqual([])
    await notice.getByRole('button', { name: '打开事件' }).click()
    await guest.locator('article[data-incident]').getByRole('heading', { name: TITLE }).waitFor()
    await notice.waitFor({ state: 'detached' })
    expect(await guest.getByText('另一起事件').count()).toBe(0)
    await tab(guest, '力量')
    // Of all units.
    await guest.getByRole('textbox', { name: /搜索力量/ }).fill('区')
    await expect.poll(() => units(guest)).toEqual(['unit/north-patrol'])
  })

  it('is rung by its room, and meets those who are in it', async () => {
    await button(chief, '发起会商').last().click()
    await chief.getByRole('checkbox', { name: /^联勤/ }).check()
    await chief
      .locator('form')
      .getByRole('button', { name: /^发 ?起/ })
      .click()
    await button(chief, '静音进入').click()
    await button(guest, '接受').click()
    await button(guest, '静音进入').click()
    await isMoving(chief, 'guest')
    await isMoving(guest, 'supervisor')
    expect(await accessibilityFaults(guest)).toEqual([])
  })

  it('is out of everything at once when the invitation is taken back', async () => {
    await button(chief, '联勤').click()
    await chief
      .getByRole('tooltip')
      .getByRole('button', { name: /^撤 ?回$/ })
      .click()
    await chief.locator('[data-tile="person/guest"]').waitFor({ state: 'detached' })
    await guest.locator('[data-tile]').first().waitFor({ state: 'detached' })
    await guest.getByText(`您已无权参加会商「${TITLE}」。`).waitFor()
    await guest.getByText(`联勤已结束:#1 ${TITLE}`).waitFor()
    await guest.locator('article[data-incident]').waitFor({ state: 'detached' })
    await expect.poll(() => units(guest)).toEqual([])
  })

  it('leaves nothing of it on the screen when they go', async () => {
    await does({ kind: 'incident.invite', incident: 'i1', account: 'guest', grant: randomUUID() })
    await guest.getByText(`您受邀联勤:#1 ${TITLE}`).waitFor()
    await guest.getByRole('button', { name: '账户' }).click()
    await guest.getByRole('menuitem', { name: '退出登录' }).click()
    await guest.locator('[data-account="guest"]').waitFor()
    await expect.poll(() => guest.getByText(TITLE).count()).toBe(0)
    expect(consoles.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
