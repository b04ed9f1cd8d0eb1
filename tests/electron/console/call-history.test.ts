/** The calls that were: kept by the hub beyond what the seat remembers, searched there, and honest without it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CALLS_A_PAGE } from '../../../contract/call-history.ts'
import { accessibilityFaults } from '../../e2e/console.ts'
import type { Shell } from '../shell.ts'
import { openBuiltConsole, signIn, startedPid } from './built-console.ts'

let shell: Shell
let page: Page

/** Numbers that nobody has: calls to them are over at once. */
const FIRST = '99999'
const NUMBER = '99998'

beforeAll(async () => {
  shell = await openBuiltConsole()
  page = await shell.page()
  await signIn(page)
  await registered()
})
afterAll(() => shell?.[Symbol.asyncDispose]())

const registered = () => page.locator('[data-line="line-duty-1"][data-state="registered"]').waitFor()
const dial = async (number: string) => {
  const field = page.getByRole('textbox', { name: '号码', exact: true })
  await field.fill(number)
  await page.keyboard.press('Enter')
  await expect.poll(() => field.inputValue()).toBe('')
}
const panel = () => page.getByRole('region', { name: '通话记录' })
const open = async () => {
  await page.getByRole('button', { name: '通话记录' }).click()
  await panel().waitFor()
}
const lines = () =>
  panel()
    .getByRole('listitem')
    .filter({ has: page.locator('time') })
const search = (text: string) => panel().getByLabel('搜索力量名称或号码').fill(text)

describe('the call history', () => {
  it('has the calls of an engine that has ended', async () => {
    await dial(FIRST)
    for (let call = 0; call < CALLS_A_PAGE; call++) await dial(NUMBER)
    await open()
    // What the seat remembers from before them waits until the hub's older ones are asked for.
    await expect.poll(() => lines().count()).toBe(CALLS_A_PAGE)
    await page.keyboard.press('Escape')
    const before = await startedPid(shell, 'engine')
    process.kill(before, 'SIGKILL')
    await startedPid(shell, 'engine', before)
    await registered()
    await open()
    await expect.poll(() => lines().count()).toBe(CALLS_A_PAGE)
  })

  it('is usable by everybody', async () => {
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('brings the older ones when it is asked to', async () => {
    expect(await lines().getByText(FIRST, { exact: true }).count()).toBe(0)
    await panel().getByRole('button', { name: '更早的通话' }).click()
    await lines().getByText(FIRST, { exact: true }).waitFor()
    expect(await lines().count()).toBe(CALLS_A_PAGE + 1)
    expect(await panel().getByRole('button', { name: '更早的通话' }).count()).toBe(0)
  })

  it('is searched by number, direction and day, and says when there are none', async () => {
    await search(FIRST)
    await expect.poll(() => lines().count()).toBe(1)
    await panel().getByText('呼入').click()
    await panel().getByText('没有符合条件的通话').waitFor()
    await panel().getByText('呼出').click()
    await expect.poll(() => lines().count()).toBe(1)
    await panel().getByLabel('到哪天止').fill('2020-01-01')
    await panel().getByText('没有符合条件的通话').waitFor()
    await panel().getByLabel('到哪天止').fill('')
    await expect.poll(() => lines().count()).toBe(1)
  })

  it('says that it is only what the seat remembers while the hub is away, and is whole again afterwards', async () => {
    await search('')
    await expect.poll(() => lines().count()).toBe(CALLS_A_PAGE)
    await page.keyboard.press('Escape')
    const before = await startedPid(shell, 'hub')
    process.kill(before, 'SIGKILL')
    await open()
    await panel().getByText('枢纽中断').waitFor()
    await startedPid(shell, 'hub', before)
    await panel().getByText('枢纽中断').waitFor({ state: 'detached' })
    await expect.poll(() => lines().count()).toBe(CALLS_A_PAGE)
  })
})
