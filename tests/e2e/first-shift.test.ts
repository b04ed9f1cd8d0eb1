/** An officer's first minutes: sign in, see the city move, find a unit, read its card, leave. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'

let console: TestConsole
beforeAll(async () => {
  console = await openConsole()
})
afterAll(() => console?.close())

const map = () => console.page.getByTestId('map')
const number = async (attribute: string) => Number(await map().getAttribute(attribute))
const card = () => console.page.locator('[data-unit]')

describe('the console', () => {
  it('says why one can’t sign in, beside where one tried', async () => {
    const { page } = console
    await page.getByText('已连接').waitFor()
    await page.getByRole('textbox', { name: '账号' }).fill('duty-1')
    await page.getByLabel('密码', { exact: true }).fill('not the password')
    await page.keyboard.press('Enter')
    const failure = page.getByRole('form', { name: '席位登录' }).getByRole('alert')
    await failure.waitFor()
    expect(await failure.textContent()).toContain('账号或密码不正确')
    expect(await page.getByRole('textbox', { name: '账号' }).inputValue()).toBe('duty-1')
  })

  it('is usable by everybody at the sign-in', async () => {
    expect(await accessibilityFaults(console.page)).toEqual([])
  })

  it('shows units that move on the map', async () => {
    await signInAs(console.page, 'duty-1')
    await expect.poll(() => number('data-units')).toBeGreaterThan(200)
    await expect.poll(() => number('data-moved')).toBeGreaterThan(50)
  })

  it('lets the city’s radio be heard, by the names of its units', async () => {
    const heard = console.page.locator('[data-channel]:is([data-line="receiving"], [data-line="heard"])')
    await heard.first().waitFor({ timeout: 90_000 })
    // Who it is may be known a moment later than that somebody talks.
    await expect.poll(() => heard.first().textContent()).toMatch(/巡逻|步巡|岗亭|消防|救护|城管|无人机|市政/)
  })

  it('finds a unit by the initials of its name, with the keyboard alone, and shows its card', async () => {
    const { page } = console
    await page.keyboard.press('/')
    await page.keyboard.type('hnlxl01')
    const row = page.locator('[data-key="unit/patrol-hunanlu-01"]')
    await row.waitFor()
    await page.getByRole('tree').focus()
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    expect(await row.getAttribute('aria-selected')).toBe('true')
    await card().waitFor()
    expect(await card().getByRole('heading').textContent()).toContain('湖南路巡逻 01')
    expect(await card().textContent()).toMatch(/公安 · 南京市 \/ 鼓楼区 \/ 湖南路街道/)
    await expect.poll(() => card().textContent()).toMatch(/\d+ 秒前/)
    expect(await card().textContent()).toMatch(/118\.\d{5}° E 3[12]\.\d{5}° N/)
  })

  it('is usable by everybody on the main screen, in both languages and themes', async () => {
    const { page } = console
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: '显示设置' }).click()
    await page.locator('.ant-popover').getByText('English').click()
    await page.locator('.ant-popover').getByText('Light').click()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    await page.getByText('Hunan Road patrol 01').first().waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('changes a unit’s state, and the journal’s word comes back to the screen', async () => {
    const { page } = console
    await card().getByRole('combobox', { name: 'Set the state' }).click()
    await page.locator('.ant-select-dropdown').getByText('Off duty').click()
    await expect
      .poll(() => page.locator('[data-key="unit/patrol-hunanlu-01"]').textContent())
      .toContain('Off duty')
  })

  it('remembers language, theme and layout for the next start', async () => {
    const width = async () => (await console.page.getByRole('tree').boundingBox())?.width ?? 0
    const before = await width()
    const sash = await console.page.locator('.dv-sash').first().boundingBox()
    const { mouse } = console.page
    await mouse.move((sash?.x ?? 0) + 2, 300)
    await mouse.down()
    await mouse.move((sash?.x ?? 0) + 82, 300, { steps: 4 })
    await mouse.up()
    const after = await width()
    expect(after).toBeGreaterThan(before + 60)
    await expect
      .poll(() => JSON.stringify(console.keptSettings().layouts['duty-1']))
      .toContain(`"size":${after}`)

    await console.restart()
    const { page } = console
    await page.getByRole('heading', { name: 'Demonstration accounts' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('light')
    await signInAs(page, 'duty-1')
    expect(await width()).toBeCloseTo(after, -1)
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('menuitem', { name: 'Reset the layout' }).click()
    await expect.poll(width).toBeCloseTo(before, -1)
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
  })

  it('shows an officer of one area that area only', async () => {
    const { page } = console
    await signInAs(page, 'gulou-duty')
    const rows = page.getByRole('treeitem')
    await expect
      .poll(() => rows.allTextContents())
      .toEqual([expect.stringMatching(/Nanjing\D*66/), expect.stringMatching(/Gulou\D*66/)])
    await expect.poll(() => number('data-units')).toBeGreaterThan(40)
    expect(await number('data-units')).toBeLessThanOrEqual(66)
  })

  it('lets the officer go, and nothing of the shift stays on the screen', async () => {
    const { page } = console
    await page.getByRole('button', { name: 'Account' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('form', { name: 'Sign in to this seat' }).waitFor()
    expect(await page.getByRole('tree').count()).toBe(0)
  })

  it('has complained about nothing all the while', () => {
    expect(console.complaints).toEqual([])
  })
})
