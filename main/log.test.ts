import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLog } from './log.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => join(folder, 'logs/watchfloor.log')
const lines = (name = file()) => readFileSync(name, 'utf8').split('\n').slice(0, -1)

describe('the log', () => {
  it('says whose each line is, and goes on where it stopped', async () => {
    openLog(join(folder, 'logs')).write('hub', '枢纽 listens')
    await expect.poll(() => lines()).toEqual(['hub 枢纽 listens'])
    openLog(join(folder, 'logs')).note('the page is gone')
    await expect
      .poll(() => lines())
      .toEqual(['hub 枢纽 listens', expect.stringMatching(/^main \d{4}-.*Z the page is gone$/)])
  })

  it('is for nobody else to read', async () => {
    openLog(join(folder, 'logs')).write('hub', 'x')
    await expect.poll(() => statSync(file()).mode & 0o777).toBe(0o600)
  })

  it('keeps one old file when it has grown, and loses no line', async () => {
    const log = openLog(join(folder, 'logs'), 100)
    const all = Array.from({ length: 12 }, (_, number) => `hub line ${number}`)
    for (const line of all) log.write('hub', line.slice(4))
    await expect.poll(() => [...lines(`${file()}.1`), ...lines()]).toEqual(all)
    expect(lines(`${file()}.1`).length).toBeLessThan(12)
  })
})
