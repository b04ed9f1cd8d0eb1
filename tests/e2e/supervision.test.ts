/** Two consoles at one hub: what a supervisor sees and does of an officer's calls, and what the officer sees of that. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Exchange, openExchange } from '../../lab/exchange/exchange.ts'
import { encode } from '../../main/engine/media/g711.ts'
import { endings } from '../support/at-end.ts'
import { startTestHub } from '../support/hub.ts'
import { smallCity, smallCityWith } from '../support/site.ts'
import { sine } from '../support/tone.ts'
import { accessibilityFaults, openConsole, signInAs } from './console.ts'

const DOMAIN = 'exercise.invalid'
const PASSWORD = 'password-of-a-line'
const CALLER = '13900004711'
const lines: Record<string, string> = { 'north-officer': '8001', supervisor: '8000' }

const { atEnd, run } = endings()
let exchange: Exchange
let officer: Page
let chief: Page

beforeAll(async () => {
  const tone = encode('PCMU', sine(400, 80_000))
  exchange = await openExchange({
    host: '127.0.0.1',
    domain: DOMAIN,
    accounts: Object.values(lines).map((number) => ({ number, password: PASSWORD })),
    phones: ['81001', '81002'],
    groups: { '110': ['8001'] },
    temperament: () => ({ kind: 'answers', afterMs: 20, talksForMs: 300_000 }),
    clips: new Map([
      ['unit-tone', tone],
      ['citizen-tone', tone],
    ]),
  })
  atEnd(() => exchange.close())
  const { host, port } = exchange
  const servers = [{ transport: 'udp', host, port }]
  const hub = await startTestHub(atEnd, {
    site: smallCityWith({
      accounts: smallCity.accounts.map((account) => {
        const number = lines[account.id]
        const line = { id: `line-${number}`, exchange: 'main', number, password: PASSWORD }
        return number === undefined ? account : { ...account, lines: [line] }
      }),
      exchanges: [{ id: 'main', name: 'Main', domain: DOMAIN, servers }],
    }),
  })
  const [there, here] = await Promise.all([openConsole({ hub: hub.url }), openConsole({ hub: hub.url })])
  for (const each of [there, here]) atEnd(() => each.close())
  officer = there.page
  chief = here.page
  await Promise.all([signInAs(officer, 'north-officer'), signInAs(chief, 'supervisor')])
  for (const page of [officer, chief]) await page.locator('[data-line][data-state="registered"]').waitFor()
})
afterAll(run)

/** Buttons of two signs have a space between them. */
const button = (page: Page, words: string) =>
  page.getByRole('button', { name: new RegExp(`^${[...words].join(' ?')}`) })
const strip = () => chief.getByRole('region', { name: '席位监督' })
const seenCall = (state: string) =>
  chief.locator(`[data-account="north-officer"] [data-call][data-state="${state}"]`)
const ownCall = (page: Page, state: string) =>
  page.getByTestId('active-calls').locator(`[data-call][data-state="${state}"]`)

describe('the seats', () => {
  it('are shown with their calls on one key, and a call is listened to without a mouse', async () => {
    await officer.getByRole('textbox', { name: '号码', exact: true }).fill('81001')
    await officer.keyboard.press('Enter')
    await ownCall(officer, 'talking').waitFor()
    await chief.getByRole('tree').focus()
    await chief.keyboard.press('s')
    await seenCall('talking').waitFor()
    expect(await seenCall('talking').textContent()).toContain('北区巡逻')
    expect(await accessibilityFaults(chief)).toEqual([])
    await chief.keyboard.press('Tab')
    await chief.keyboard.press('Enter')
    await chief.getByRole('textbox', { name: '理由(必填)' }).waitFor()
    expect(await accessibilityFaults(chief)).toEqual([])
    await chief.keyboard.type('质量检查')
    await chief.keyboard.press('Enter')
    await strip().getByText('监听中').waitFor()
    const heard = () =>
      strip()
        .getByRole('meter')
        .evaluate((meter: HTMLMeterElement) => meter.value)
    await expect.poll(heard, { timeout: 15_000 }).toBeGreaterThan(0.01)
    expect(await officer.getByText('带班长').count()).toBe(0)
    expect(await accessibilityFaults(chief)).toEqual([])
  })

  it('the officer sees who whispers and who barges in', async () => {
    await strip().getByText('耳语', { exact: true }).click()
    await ownCall(officer, 'talking').getByText('带班长 正在耳语').waitFor()
    await strip().getByText('强插', { exact: true }).click()
    await ownCall(officer, 'talking').getByText('带班长 已强插').waitFor()
    await button(chief, '退出').click()
    await strip().waitFor({ state: 'detached' })
    await expect.poll(() => officer.getByText('带班长').count()).toBe(0)
  })

  it('a waiting caller is picked up with one click, and the officer is told', async () => {
    exchange.callIn({ from: CALLER, to: '110', clip: 'citizen-tone' })
    await seenCall('waiting').getByRole('button').click()
    await ownCall(chief, 'talking').getByText(CALLER).waitFor()
    await officer.getByText(`带班长 代答了 ${CALLER} 的来电。`).waitFor()
    await ownCall(officer, 'talking').getByText('北区巡逻').waitFor()
  })

  it('a call is released with a reason that the officer reads', async () => {
    await button(chief, '强拆').click()
    await button(chief, '线路急用').click()
    await chief.keyboard.press('Enter')
    await officer.getByText('带班长 强拆了您与 北区巡逻 的通话。理由:线路急用').waitFor()
    expect(await ownCall(officer, 'talking').count()).toBe(0)
    expect(await accessibilityFaults(officer)).toEqual([])
    await seenCall('talking').waitFor({ state: 'detached' })
  })

  it('the officer sees who is in one of the calls of a group', async () => {
    await button(officer, '组呼').click()
    await officer.getByRole('combobox', { name: '力量或号码' }).fill('81001,81002,')
    await button(officer, '发起').click()
    await officer.locator('[data-group]').waitFor()
    await expect.poll(() => seenCall('talking').count()).toBe(2)
    await button(chief, '强插').first().click()
    await button(chief, '协助处置').click()
    await chief.keyboard.press('Enter')
    await officer.locator('[data-group]').getByText('带班长 已强插').waitFor()
    await button(officer, '结束').click()
    await strip().getByText('通话已结束').waitFor()
  })

  it('an officer who may do nothing about them is shown none', async () => {
    await officer.getByRole('tree').focus()
    await officer.keyboard.press('s')
    await officer.getByText('没有您可以操作的其他席位在线。').waitFor()
  })
})
