/** Engine, hub and lab: started again when they end, and ended in order with the console. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { descendantsOf, isRunning } from '../processes.ts'
import type { Shell } from '../shell.ts'
import { logOf, openBuiltConsole, pidOf, signIn, startedPid } from './built-console.ts'

let shell: Shell
let page: Page

beforeAll(async () => {
  shell = await openBuiltConsole()
  page = await shell.page()
  await signIn(page)
})
afterAll(() => shell?.[Symbol.asyncDispose]())

const lamp = (name: string, state: string) =>
  page.locator(`[data-lamp="${name}"][data-state="${state}"]`).waitFor()
const moved = async () => Number(await page.getByTestId('map').getAttribute('data-moved'))
const blockers = () =>
  shell.inMain(({ powerSaveBlocker }) =>
    Array.from({ length: 50 }, (_, id) => id).filter((id) => powerSaveBlocker.isStarted(id)),
  )

describe('the engine', () => {
  it('killed is started again; the page says so, and its officer stays signed in', async () => {
    await lamp('hub', 'up')
    const before = await startedPid(shell, 'engine')
    const gone = page.getByText('通信引擎已停止').waitFor()
    process.kill(before, 'SIGKILL')
    await gone
    expect(await startedPid(shell, 'engine', before)).not.toBe(before)
    await page.getByText('通信引擎已停止').waitFor({ state: 'detached' })
    await lamp('hub', 'up')
    expect(await page.getByRole('tree').isVisible()).toBe(true)
    expect(logOf(shell)).toContainEqual(
      expect.stringMatching(/engine ended with 9; it starts again in 300 ms$/),
    )
  })

  it('killed again and again waits longer each time, and is away on the page until it is there', async () => {
    const before = await startedPid(shell, 'engine')
    const gone = page.getByText('通信引擎已停止').waitFor()
    process.kill(before, 'SIGKILL')
    await gone
    await page.getByText('通信引擎已停止').waitFor({ state: 'detached' })
    expect(pidOf(shell, 'engine')).toEqual(expect.any(Number))
    expect(logOf(shell)).toContainEqual(
      expect.stringMatching(/engine ended with 9; it starts again in 600 ms$/),
    )
    await lamp('hub', 'up')
  })

  it('survives the page, which finds it again when it is reloaded', async () => {
    const before = await startedPid(shell, 'engine')
    await shell.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload())
    await page.getByRole('tree').waitFor()
    await lamp('hub', 'up')
    expect(await startedPid(shell, 'engine')).toBe(before)
  })
})

describe('the embedded hub', () => {
  it('killed is started again; the seat keeps what it knew, says that the hub is away, and finds it again', async () => {
    const before = await startedPid(shell, 'hub')
    const down = lamp('hub', 'down')
    process.kill(before, 'SIGKILL')
    await down
    expect(await page.getByRole('tree').isVisible()).toBe(true)
    await startedPid(shell, 'hub', before)
    await lamp('hub', 'up')
    await expect.poll(moved, { timeout: 20_000 }).toBeGreaterThan(0)
  })
})

describe('the simulated city', () => {
  it('killed moves again, at the hub that is there now', async () => {
    const before = await startedPid(shell, 'lab')
    process.kill(before, 'SIGKILL')
    await startedPid(shell, 'lab', before)
    await lamp('data', 'up')
    const count = await moved()
    await expect.poll(moved, { timeout: 20_000 }).toBeGreaterThan(count)
  })
})

describe('an officer who signs in', () => {
  it('keeps the machine awake until signing out', async () => {
    expect(await blockers()).toHaveLength(1)
    await page.locator('[data-menu="account"], header button').last().click()
    await page.getByText('退出登录').click()
    await page.locator('[data-account="duty-1"]').waitFor()
    await expect.poll(blockers).toEqual([])
    await signIn(page)
    await expect.poll(blockers).toHaveLength(1)
  })
})

describe('quitting', () => {
  it('ends the lab, the hub and the engine in this order, in peace, and leaves nothing behind', async () => {
    const started = descendantsOf(shell.pid)
    for (const name of ['engine', 'hub', 'lab'] as const)
      expect(started).toContain(await startedPid(shell, name))
    expect(await shell.quit()).toEqual({ code: 0, signal: null })
    const stopped = logOf(shell).flatMap((line) => /(\w+) has stopped$/.exec(line)?.[1] ?? [])
    expect(stopped).toEqual(['lab', 'hub', 'engine'])
    expect(logOf(shell).join('\n')).not.toContain('unexpected')
    await expect.poll(() => started.filter(isRunning)).toEqual([])
  })
})
