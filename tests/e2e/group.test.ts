/** An officer forms a group of units, writes to it and sees which of them have read it: a hub, a console and two crews. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { endings } from '../support/at-end.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { cityWithCrews } from '../support/incidents.ts'
import { type TestSeat, takeSeat } from '../support/seat.ts'
import { accessibilityFaults, openConsole, signInAs } from './console.ts'

const { atEnd, run } = endings()
let hub: TestHub
let page: Page
let crews: readonly TestSeat[]
let complaints: () => string[]

beforeAll(async () => {
  hub = await startTestHub(atEnd, { site: cityWithCrews })
  const opened = await openConsole({ hub: hub.url })
  atEnd(() => opened.close())
  page = opened.page
  complaints = () => [...opened.complaints]
  await signInAs(page, 'supervisor')
  crews = await Promise.all(['north-crew', 'south-crew'].map((crew) => takeSeat(atEnd, hub.url, crew)))
})
afterAll(run)

const said = () => page.getByTestId('messages')
const group = () => Object.values(hub.journal.state.threads).find(({ name }) => name.kind === 'group')
const thread = () => {
  const name = group()?.name
  if (name?.kind !== 'group') throw new Error('there is a group')
  return name
}
const does = (crew: number, command: Command) =>
  crews[crew]?.client.submit.mutate({ key: randomUUID(), command })
const receipts = (words: string) => said().getByTestId('unit-receipts').first().getByText(words).waitFor()

describe('a group of units', () => {
  it('is formed of those that are selected, and written to at once', async () => {
    for (const [at, [id, name]] of [
      ['north-patrol', '北区巡逻'],
      ['south-engine', '南区消防车'],
    ].entries()) {
      await page.getByRole('textbox', { name: '搜索力量' }).fill(name ?? '')
      await page.locator(`[data-key="unit/${id}"]`).click({ modifiers: at === 0 ? [] : ['Control'] })
    }
    await page.getByTestId('selection').getByRole('button', { name: '编组(2)' }).click()
    await page.getByText('2 个力量将看到群组里的每条消息').waitFor()
    await page.keyboard.type('夜巡组')
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '夜巡组' }).waitFor()
    await page.getByTestId('group').getByText('2 个力量:北区巡逻、南区消防车').waitFor()
    await page.getByRole('textbox', { name: '写消息' }).fill('北门集合')
    await page.keyboard.press('Enter')
    await receipts('2 个未收到:北区巡逻、南区消防车')
  })

  it('says which of its units have got and read a message, and shows what they answer', async () => {
    await does(0, { kind: 'message.mark', thread: thread(), delivered: 1, read: 1 })
    await receipts('1 个已读:北区巡逻 · 1 个未收到:南区消防车')
    await does(1, { kind: 'message.mark', thread: thread(), delivered: 1, read: 0 })
    await receipts('1 个已读:北区巡逻 · 1 个已收到:南区消防车')
    await does(1, { kind: 'message.send', id: randomUUID(), thread: thread(), text: '五分钟到', place: null })
    await said().getByText('五分钟到').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('is found by what was said in it, and is gone when it is dissolved', async () => {
    await page.getByRole('button', { name: '全部会话' }).click()
    await page.getByRole('searchbox', { name: '搜索消息、发送人或文件名' }).fill('五分钟')
    const found = page.getByTestId('found-messages')
    await found.getByText('夜巡组').waitFor()
    await found.getByRole('button').click()
    await page
      .getByTestId('group')
      .getByRole('button', { name: /解 ?散/ })
      .click()
    await page.getByText('解散群组“夜巡组”?', { exact: false }).waitFor()
    await page
      .locator('.ant-popconfirm')
      .getByRole('button', { name: /解 ?散/ })
      .click()
    await expect.poll(group).toBeUndefined()
    await page.getByRole('searchbox', { name: '搜索消息、发送人或文件名' }).waitFor()
    expect(complaints()).toEqual([])
  })
})
