/** The telephone at the console: the lab's exchange over SIP, a unit called from the map's card, heard and left. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { siteDocumentSchema } from '../../contract/site.ts'
import { temperamentOf } from '../../lab/exchange/person.ts'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'

const site = siteDocumentSchema.parse(
  parse(readFileSync(join(import.meta.dirname, '../../resources/demo-site.yaml'), 'utf8')),
)

/** Units whose phones behave like that, and their numbers. */
const unitsThat = (kind: ReturnType<typeof temperamentOf>['kind']) =>
  site.units.flatMap(({ id, name, terminals }) =>
    terminals.flatMap((terminal) =>
      terminal.kind === 'sip' && temperamentOf(terminal.number).kind === kind
        ? [{ id, name: name.zh, number: terminal.number }]
        : [],
    ),
  )

function unitThat(kind: ReturnType<typeof temperamentOf>['kind']) {
  const [unit] = unitsThat(kind)
  if (unit === undefined) throw new Error(`nobody in the city is ${kind}`)
  return unit
}

let console: TestConsole
beforeAll(async () => {
  console = await openConsole()
  await signInAs(console.page, 'duty-1')
})
afterAll(() => console?.close())

const active = () => console.page.getByTestId('active-calls').locator('[data-call]')
const stateOf = () => active().first().getAttribute('data-state')
const press = (words: string) => console.page.getByRole('button', { name: words, exact: true }).click()
const dial = async (number: string) => {
  await console.page.getByRole('textbox', { name: '号码', exact: true }).fill(number)
  await console.page.keyboard.press('Enter')
}

describe('the telephone', () => {
  it('registers the seat’s line at the city’s exchange, and the lamp says so', async () => {
    const { page } = console
    await page.locator('[data-line="line-duty-1"][data-state="registered"]').waitFor()
    await page.locator('[data-lamp="exchange"][data-state="up"]').waitFor()
  })

  it('calls the unit whose card is open with one key, and the officer hears it', async () => {
    const { page } = console
    const unit = unitThat('answers')
    await page.keyboard.press('/')
    await page.keyboard.type(unit.number)
    await page.locator(`[data-key="unit/${unit.id}"]`).click()
    await page.locator(`[data-unit="${unit.id}"]`).waitFor()
    await page.getByRole('tree').focus()
    await page.keyboard.press('c')
    await expect.poll(stateOf).toBe('talking')
    expect(await active().first().textContent()).toContain(unit.name)
    await expect.poll(() => heard(console.page), { timeout: 30_000 }).toBeGreaterThan(0.01)
  })

  it('holds and resumes it, and shows how well it sounds', async () => {
    await press('保持')
    await expect.poll(stateOf).toBe('held')
    await press('恢复')
    await expect.poll(stateOf).toBe('talking')
    await expect.poll(() => active().first().textContent()).toMatch(/MOS [34]\.\d/)
  })

  it('is usable by everybody in the middle of a call', async () => {
    expect(await accessibilityFaults(console.page)).toEqual([])
  })

  it('asks where a call is to go, and is typed into at once', async () => {
    const { page } = console
    await press('转接')
    const number = page.getByRole('textbox', { name: '转接到号码' })
    await expect.poll(() => number.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    await number.waitFor({ state: 'detached' })
  })

  it('hangs up, and keeps the call in the history', async () => {
    const { page } = console
    const { name } = unitThat('answers')
    await press('挂断')
    await expect.poll(stateOf).toBe('ended')
    await active().first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '通话记录' }).click()
    await page.locator('.ant-popover').getByText(name).waitFor()
    await page.keyboard.press('Escape')
  })

  it('says why a call did not come about', async () => {
    await dial(unitThat('busy').number)
    await active().getByText('对方忙').waitFor()
    await dial('99999')
    await active().getByText('号码不存在').waitFor()
  })

  it('rings all units that are selected at once, and shows how each fares', async () => {
    const { page } = console
    const chosen = [...unitsThat('answers').slice(1, 3), unitThat('busy')]
    for (const [at, { id, number }] of chosen.entries()) {
      await page.getByRole('textbox', { name: '搜索力量' }).fill(number)
      await page.locator(`[data-key="unit/${id}"]`).click({ modifiers: at === 0 ? [] : ['Control'] })
    }
    await page.getByText('将呼叫 3 个').waitFor()
    await page
      .getByTestId('selection')
      .getByRole('button', { name: /组 ?呼/ })
      .click()
    const party = (at: number) => page.locator(`[data-party="${chosen[at]?.number}"]`)
    await expect.poll(() => party(0).getAttribute('data-state')).toBe('in')
    await expect.poll(() => party(1).getAttribute('data-state')).toBe('in')
    await party(2).getByText('对方忙').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await party(0).click()
    await page.getByRole('menuitem', { name: '移除' }).click()
    await party(0).getByText('已离线').waitFor()
    await press('结束')
    await page.getByText('已结束 · 应答 2/3').waitFor()
    await press('关闭')
    await page.locator('[data-group]').waitFor({ state: 'detached' })
  })

  it('rings numbers that are typed, without a mouse once the form is open', async () => {
    const { page } = console
    const { number } = unitThat('answers')
    await page.getByRole('region', { name: '电话' }).getByRole('button', { name: '组呼' }).click()
    const whom = page.getByRole('combobox', { name: '力量或号码' })
    await expect.poll(() => whom.evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.type(`${number},`)
    await press('发起组呼')
    await page.locator(`[data-party="${number}"][data-state="in"]`).waitFor()
    await press('结束')
    await press('关闭')
    await page.locator('[data-group]').waitFor({ state: 'detached' })
  })

  it('says as long as calls are turned away that they are', async () => {
    const { page } = console
    await page.getByTestId('reception').click()
    await page.getByRole('switch', { name: '免打扰' }).click()
    await page.getByTestId('reception').getByText('免打扰').waitFor()
    await page.getByRole('switch', { name: '免打扰' }).click()
    await page.getByTestId('reception').getByText('来电设置').waitFor()
    await page.keyboard.press('Escape')
  })

  it('complained of nothing', () => {
    expect(console.complaints).toEqual([])
  })
})

/** How loud it is just now what the officer hears, as the meter shows it. */
const heard = (page: TestConsole['page']): Promise<number> =>
  page.getByRole('meter', { name: '听到的音量' }).evaluate((meter: HTMLMeterElement) => meter.value)
