/** Two consoles at one hub: an incident from its opening to its closing, and what the other seat sees of it. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { type Exchange, openExchange } from '../../lab/exchange/exchange.ts'
import { encode } from '../../main/engine/media/g711.ts'
import { endings } from '../support/at-end.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { accountsWithCrews, cityWithCrews } from '../support/incidents.ts'
import { type TestSeat, takeSeat } from '../support/seat.ts'
import { sine } from '../support/tone.ts'
import { accessibilityFaults, openConsole, signInAs } from './console.ts'

const DOMAIN = 'exercise.invalid'
const LINE_PASSWORD = 'password-of-a-line'
const CALLER = '13900004711'
const TITLE = '北门街 12 号冒烟'

const { atEnd, run } = endings()
let exchange: Exchange
let hub: TestHub
let chief: Page
let officer: Page
let crew: TestSeat
let complaints: () => string[]

beforeAll(async () => {
  exchange = await openExchange({
    host: '127.0.0.1',
    domain: DOMAIN,
    accounts: [{ number: '8000', password: LINE_PASSWORD }],
    phones: [],
    groups: { '110': ['8000'] },
    temperament: () => ({ kind: 'answers', afterMs: 20, talksForMs: 300_000 }),
    clips: new Map([['citizen-tone', encode('PCMU', sine(400, 80_000))]]),
  })
  atEnd(() => exchange.close())
  const { host, port } = exchange
  const servers = [{ transport: 'udp', host, port }]
  const lines = [{ id: 'line', exchange: 'main', number: '8000', password: LINE_PASSWORD }]
  hub = await startTestHub(atEnd, {
    site: {
      ...cityWithCrews,
      exchanges: [{ id: 'main', name: 'Main', domain: DOMAIN, servers }],
      accounts: accountsWithCrews.map((account) => {
        const { lines: _, ...rest } = { lines: undefined, ...account }
        return rest.id === 'supervisor' ? { ...rest, lines } : rest
      }),
      areas: [
        {
          id: 'city',
          name: '市',
          areas: [
            {
              id: 'north',
              name: '北区',
              areas: [{ id: 'north-gate', name: '北门街道', centre: [32.05, 118.78] }],
            },
            { id: 'south', name: '南区' },
          ],
        },
      ],
    },
  })
  const [there, here] = await Promise.all([openConsole({ hub: hub.url }), openConsole({ hub: hub.url })])
  for (const each of [there, here]) atEnd(() => each.close())
  complaints = () => [there, here].flatMap((each) => each.complaints)
  chief = there.page
  officer = here.page
  await Promise.all([signInAs(chief, 'supervisor'), signInAs(officer, 'north-officer')])
  crew = await takeSeat(atEnd, hub.url, 'north-crew')
})
afterAll(run)

const card = (page: Page) => page.locator('article[data-incident]')
const task = () => card(officer).locator('[data-task]')
/** Buttons of two signs may have a space between them. */
const button = (page: Page, words: string) =>
  page.getByRole('button', { name: new RegExp(`^${[...words].join(' ?')}`) })
/** Into the field that takes what is typed, once it is there. */
async function say(page: Page, words: string, first?: string): Promise<void> {
  await page.locator(':is(input:not([type=radio], [type=checkbox]), textarea):focus').waitFor()
  if (first !== undefined) await page.keyboard.press(first)
  await page.keyboard.type(words)
}
const reports = (command: Command) => crew.client.submit.mutate({ key: randomUUID(), command })

describe('an incident', () => {
  it('is opened where the map is, without a mouse, and is on the board of everybody who sees it', async () => {
    await officer.getByRole('tree').focus()
    await officer.keyboard.press('i')
    await say(officer, TITLE)
    expect(await accessibilityFaults(officer)).toEqual([])
    await officer.keyboard.press('Enter')
    await card(officer).getByRole('heading', { name: TITLE }).waitFor()
    expect(await officer.getByTestId('belongs').textContent()).toContain(TITLE)
    expect(await card(officer).textContent()).toContain('北门街道')

    await chief.getByRole('tree').focus()
    await chief.keyboard.press('b')
    await chief.getByTestId('board').getByText(TITLE).click()
    await card(chief).getByText('待研判').waitFor()
  })

  it('is graded, and a unit that is selected is tasked with one key', async () => {
    await card(officer).getByText('Ⅱ级', { exact: true }).click()
    await card(chief).getByText('待派单').waitFor()
    await officer.getByRole('tab', { name: '力量' }).click()
    await officer.getByRole('textbox', { name: /搜索力量/ }).fill('北区巡逻')
    await officer.getByRole('treeitem', { name: /北区巡逻/ }).click()
    await officer.keyboard.press('t')
    await officer.getByText('将派给 1 个:北区巡逻').waitFor()
    await say(officer, '到场查看并报告')
    await officer.keyboard.press('Enter')
    await task().getByText('已派单').waitFor()
    await card(chief).getByText('处置中').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
  })

  it('shows how far the unit is, as the unit reports it', async () => {
    const id = Object.keys(hub.journal.state.incidents.tasks)[0] ?? ''
    for (const step of ['accept', 'set-out', 'arrive', 'finish'] as const)
      await reports({ kind: 'task.step', task: id, step, words: step === 'finish' ? '锅炉排汽,无火' : null })
    await task().getByText('已反馈').waitFor()
    await task().getByText('锅炉排汽,无火').waitFor()
    await card(officer).getByText('待办结').waitFor()
    await task()
      .getByRole('button', { name: /核 ?验通过/ })
      .click()
    await task().getByText('已核验').waitFor()
  })

  it('tells an officer what somebody else wrote meanwhile, and loses neither', async () => {
    await card(officer).getByRole('button', { name: '修改标题' }).click()
    await say(officer, ',锅炉排汽', 'End')
    await card(chief).getByRole('button', { name: '修改标题' }).click()
    await say(chief, '北门街冒烟(误报)', 'Control+A')
    await chief.keyboard.press('Enter')
    await card(officer).getByRole('alert').waitFor()
    expect(await card(officer).getByRole('alert').textContent()).toContain('北门街冒烟(误报)')
    expect(await accessibilityFaults(officer)).toEqual([])
    await card(officer).getByRole('button', { name: '保留他人的' }).click()
    await card(officer).getByRole('heading', { name: /误报/ }).waitFor()
  })

  it('has all of that in its timeline, is closed, and is exported by who may', async () => {
    await button(officer, '办结').click()
    await say(officer, '已复核现场')
    await officer.keyboard.press('Enter')
    await card(chief).getByText('已办结').first().waitFor()
    const timeline = chief.getByTestId('timeline')
    await timeline.getByText('办结:已处置').waitFor()
    const kinds = await timeline
      .locator('li')
      .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-kind')))
    expect(kinds.toReversed()).toEqual([
      'incident.opened',
      'incident.graded',
      'task.assigned',
      'incident.dispatched',
      'task.stepped',
      'task.stepped',
      'task.stepped',
      'task.stepped',
      'incident.handled',
      'task.stepped',
      'incident.amended',
      'incident.closed',
    ])
    await button(chief, '导出').click()
    await say(chief, '复盘')
    await chief.keyboard.press('Enter')
    await chief.getByText('已取得全部 13 条记录。').waitFor()
    await chief.emulateMedia({ media: 'print' })
    expect(await chief.locator('[data-print]').isVisible()).toBe(true)
    expect(await chief.locator('[data-print]').textContent()).toContain('锅炉排汽,无火')
    await chief.emulateMedia({ media: 'screen' })
    const download = chief.waitForEvent('download')
    await button(chief, '存为数据').click()
    expect((await download).suggestedFilename()).toBe('incident-1.json')
  })

  it('is opened from a call that waits, and the call is in its timeline', async () => {
    await chief.locator('[data-line][data-state="registered"]').waitFor()
    exchange.callIn({ from: CALLER, to: '110', clip: 'citizen-tone' })
    const waiting = chief.getByTestId('waiting-calls').locator('[data-call]')
    await waiting.getByRole('button', { name: /^登 ?记$/ }).click()
    await expect.poll(() => chief.getByRole('textbox', { name: '报警人' }).inputValue()).toBe(CALLER)
    await chief.getByRole('textbox', { name: '标题', exact: true }).fill('来电报警')
    await chief.keyboard.press('Enter')
    await card(chief).getByRole('heading', { name: '来电报警' }).waitFor()
    await waiting.getByRole('button', { name: /^接 ?听/ }).click()
    const active = chief.getByTestId('active-calls').locator('[data-call][data-state="talking"]')
    await active.getByRole('button', { name: /^挂 ?断/ }).click()
    await chief
      .getByTestId('timeline')
      .getByText(new RegExp(`来电 ${CALLER}`))
      .waitFor()
  })

  it('is talked about with the crew in messages, of which the officer sees that they were read', async () => {
    await officer.getByRole('tree').focus()
    await officer.keyboard.press('m')
    await officer.getByRole('textbox', { name: '写消息' }).waitFor()
    await officer.keyboard.type('现在位置?')
    await officer.keyboard.press('Enter')
    const messages = officer.getByTestId('messages')
    await messages.getByText('已发送').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])

    const view = crew.watchState()
    const thread = { kind: 'unit', unit: 'north-patrol' } as const
    const said = () => view.state()?.threads['unit/north-patrol']?.messages.map(({ text }) => text)
    await expect.poll(said).toEqual(['现在位置?'])
    await reports({ kind: 'message.mark', thread, delivered: 1, read: 0 })
    await messages.getByText('1 人已收到').waitFor()
    await reports({ kind: 'message.mark', thread, delivered: 1, read: 1 })
    await messages.getByText('1 人已读').waitFor()
    await reports({ kind: 'message.send', id: randomUUID(), thread, text: '北门街口', place: null })
    await messages.getByText('北门街口').waitFor()
    await expect
      .poll(() => view.state()?.threads['unit/north-patrol']?.marks['north-officer'])
      .toEqual({ delivered: 2, read: 2 })
  })

  it('is found again in what was said long before, by its words', async () => {
    const thread = { kind: 'unit', unit: 'north-patrol' } as const
    const says = (text: string) =>
      reports({ kind: 'message.send', id: randomUUID(), thread, text, place: null })
    await says('钥匙在门卫室')
    for (let at = 1; at <= 52; at++) await says(`第 ${at} 次报告`)
    await officer.locator('.dv-tab', { hasText: '消息' }).click()
    const back = officer.getByRole('button', { name: '全部会话' })
    if (await back.isVisible()) await back.click()
    await officer.getByRole('searchbox', { name: '搜索消息、发送人或文件名' }).fill('门卫')
    const found = officer.getByTestId('found-messages')
    await found.getByText('钥匙在门卫室').waitFor()
    expect(await found.getByRole('listitem').count()).toBe(1)
    expect(await accessibilityFaults(officer)).toEqual([])
    await found.getByRole('button').click()
    const said = officer.getByTestId('messages')
    await said.locator('[data-sought]', { hasText: '钥匙在门卫室' }).waitFor()
    const isInSight = () =>
      said.locator('[data-sought]').evaluate((one) => {
        const [own, list] = [one.getBoundingClientRect(), one.parentElement?.getBoundingClientRect()]
        return list !== undefined && own.top >= list.top && own.bottom <= list.bottom
      })
    await expect.poll(isInSight).toBe(true)
    await said.getByText('第 52 次报告').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
    await back.click()
    await officer.getByRole('searchbox', { name: '搜索消息、发送人或文件名' }).fill('没有这样的话')
    await officer.getByText('没有找到消息。').waitFor()
    await officer.getByRole('searchbox', { name: '搜索消息、发送人或文件名' }).fill('')
    await officer.locator('[data-thread="unit/north-patrol"]').click()
    await said.getByText('第 52 次报告').waitFor()
    expect(await said.getByText('钥匙在门卫室').count()).toBe(0)
    await said.getByRole('button', { name: '更早的消息' }).click()
    await said.getByText('钥匙在门卫室').waitFor()
  })

  it('is spoken of from seat to seat, which nobody else reads', async () => {
    await chief.locator('.dv-tab', { hasText: '消息' }).click()
    await button(chief, '写给席位').click()
    await chief.getByRole('checkbox', { name: '北区值班员 · 在席' }).check()
    expect(await chief.getByRole('checkbox', { name: /北区巡逻组/ }).count()).toBe(0)
    expect(await accessibilityFaults(chief)).toEqual([])
    await button(chief, '打开会话').click()
    await chief.getByRole('heading', { name: '北区值班员' }).waitFor()
    await chief.getByRole('textbox', { name: '写消息' }).fill('此事由您负责')
    await chief.keyboard.press('Enter')
    await officer.getByRole('button', { name: '全部会话' }).click()
    await officer.locator('[data-thread="officers/north-officer+supervisor"]').click()
    await officer.getByTestId('messages').getByText('此事由您负责').waitFor()
    await officer.getByRole('heading', { name: '带班长' }).waitFor()
    await chief.getByTestId('messages').getByText('1 人已读').waitFor()
    await officer.getByRole('textbox', { name: '写消息' }).fill('明白')
    await officer.keyboard.press('Enter')
    await chief.getByTestId('messages').getByText('明白').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
    const admin = await takeSeat(atEnd, hub.url, 'admin')
    const view = admin.watchState()
    await expect.poll(() => view.state()).toBeDefined()
    expect(Object.keys(view.state()?.threads ?? {}).filter((key) => key.startsWith('officers/'))).toEqual([])
  })

  it('is shown to a guest while he is invited, with nothing else', async () => {
    const guest = await takeSeat(atEnd, hub.url, 'guest')
    const view = guest.watchState()
    const seen = () => Object.values(view.state()?.incidents.live ?? {}).map(({ title }) => title)
    await expect.poll(() => view.state()).toBeDefined()
    expect(seen()).toEqual([])
    await chief.locator('.dv-tab', { hasText: '当前事件' }).click()
    await button(chief, '联勤').click()
    const list = chief.getByRole('tooltip')
    await list
      .getByRole('listitem')
      .filter({ hasText: '联勤' })
      .getByRole('button', { name: /^邀 ?请$/ })
      .click()
    await expect.poll(seen).toEqual(['来电报警'])
    await list.getByRole('button', { name: /^撤 ?回$/ }).click()
    await expect.poll(seen).toEqual([])
  })

  it('has given nothing to complain about', () => {
    expect(complaints()).toEqual([])
  })
})
