/** The lamps of favourites at the console: added from where one meets them, called, arranged by keyboard, kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'

/** In the demonstration city: its phone answers, and talks until it is hung up. */
const UNIT = { id: 'patrol-ninghailu-01', number: '60001' }
const STRANGER = '99999'

let console: TestConsole
beforeAll(async () => {
  console = await openConsole()
  await signInAs(console.page, 'duty-1')
  await console.page.locator('[data-line="line-duty-1"][data-state="registered"]').waitFor()
})
afterAll(() => console?.close())

const panel = () => console.page.getByTestId('favourites')
const rows = () => panel().locator('[data-favourite]')
const row = (key: string) => panel().locator(`[data-favourite="${key}"]`)
const keys = () => rows().evaluateAll((all) => all.map((one) => one.getAttribute('data-favourite')))
const lampOf = (key: string) => row(key).getAttribute('data-state')

describe('the favourites', () => {
  it('say how they are filled as long as there are none', async () => {
    await console.page.getByText('还没有常用联系人').waitFor()
  })

  it('take in a unit from its card, and show what it is doing', async () => {
    const { page } = console
    await page.keyboard.press('/')
    await page.keyboard.type(UNIT.number)
    await page.locator(`[data-key="unit/${UNIT.id}"]`).click()
    await page.locator('[data-unit]').getByRole('button', { name: '加入常用' }).click()
    await expect.poll(() => lampOf(`unit/${UNIT.id}`)).toBe('idle')
    expect(await row(`unit/${UNIT.id}`).textContent()).toMatch(/60001空闲$/)
  })

  it('take in a number as it is dialled; one that nobody has is not there', async () => {
    await console.page.getByRole('textbox', { name: '号码', exact: true }).fill(STRANGER)
    await console.page.getByRole('region', { name: '电话' }).getByRole('button', { name: '加入常用' }).click()
    await expect.poll(() => lampOf(`number/${STRANGER}`)).toBe('offline')
    await console.page.getByRole('textbox', { name: '号码', exact: true }).fill('')
  })

  it('are called with one click, and seen to be in a call', async () => {
    await row(`unit/${UNIT.id}`).getByRole('button').click()
    await console.page.locator('[data-call][data-state="talking"]').waitFor()
    await expect.poll(() => lampOf(`unit/${UNIT.id}`)).toBe('busy')
    await console.page.getByRole('button', { name: '挂断' }).click()
    await expect.poll(() => lampOf(`unit/${UNIT.id}`)).toBe('idle')
  })

  it('are usable by everybody', async () => {
    await panel().getByRole('button', { name: '调整' }).click()
    expect(await accessibilityFaults(console.page)).toEqual([])
  })

  it('are arranged with the keyboard, and kept so', async () => {
    const { page } = console
    await row(`unit/${UNIT.id}`).getByRole('button', { name: '下移' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(keys).toEqual([`number/${STRANGER}`, `unit/${UNIT.id}`])
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toMatch(/^上移/)
    await page.keyboard.press('Enter')
    await expect.poll(keys).toEqual([`unit/${UNIT.id}`, `number/${STRANGER}`])
    await row(`number/${STRANGER}`).getByRole('button', { name: '移出常用' }).click()
    await expect.poll(() => console.keptSettings().favourites).toEqual({ 'duty-1': [{ unit: UNIT.id }] })
  })

  it('take in whoever was talked to from the history', async () => {
    const { page } = console
    await page.getByRole('textbox', { name: '号码', exact: true }).fill(STRANGER)
    await page.keyboard.press('Enter')
    await page.getByText('号码不存在').waitFor()
    await page.getByRole('button', { name: '通话记录' }).click()
    await page.locator('.ant-popover').getByRole('button', { name: '加入常用' }).first().click()
    await expect.poll(keys).toEqual([`unit/${UNIT.id}`, `number/${STRANGER}`])
  })

  it('complained of nothing', () => {
    expect(console.complaints).toEqual([])
  })
})
