/** Calls outlive the page, and are told to be lost when the engine that held them is. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Shell } from '../shell.ts'
import { openBuiltConsole, signIn, startedPid } from './built-console.ts'

let shell: Shell
let page: Page

beforeAll(async () => {
  shell = await openBuiltConsole()
  page = await shell.page()
  await signIn(page)
})
afterAll(() => shell?.[Symbol.asyncDispose]())

/** Phones of the city that answer and talk. */
const NUMBER = '60001'
const OTHER_NUMBER = '60002'
const dial = async (number: string) => {
  await page.getByRole('textbox', { name: '号码', exact: true }).fill(number)
  await page.keyboard.press('Enter')
}
const registered = () => page.locator('[data-line="line-duty-1"][data-state="registered"]').waitFor()
const active = (state: string) =>
  page.getByTestId('active-calls').locator(`[data-call][data-state="${state}"]`)
const heard = () =>
  page.getByRole('meter', { name: '听到的音量' }).evaluate((meter: HTMLMeterElement) => meter.value)

describe('a call', () => {
  it('goes on when the page is loaded anew, and is heard again', async () => {
    await registered()
    await dial(NUMBER)
    await active('talking').waitFor()
    await expect.poll(heard).toBeGreaterThan(0.01)
    const id = await active('talking').getAttribute('data-call')
    await shell.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())
    await active('talking').waitFor()
    expect(await active('talking').getAttribute('data-call')).toBe(id)
    await expect.poll(heard).toBeGreaterThan(0.01)
  })

  it('is told to be lost when the engine is killed; the line registers again, and one click calls again', async () => {
    const before = await startedPid(shell, 'engine')
    process.kill(before, 'SIGKILL')
    await active('lost').waitFor()
    expect(await active('talking').count()).toBe(0)
    await startedPid(shell, 'engine', before)
    await registered()
    await active('lost').getByRole('button', { name: '重拨' }).click()
    // To the phone the call before is not over: nobody told it.
    await page.getByTestId('active-calls').getByText('对方忙').waitFor()
    expect(await active('lost').count()).toBe(0)
    await dial(OTHER_NUMBER)
    await active('talking').waitFor()
    await expect.poll(heard).toBeGreaterThan(0.01)
  })
})
