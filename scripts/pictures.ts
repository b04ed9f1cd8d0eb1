/**
 * `npm run pictures`: takes the pictures that the documents show, in both languages. Those of the main job are of its
 * test's own run, on real protocols; those of a city at work are of the simulated one. In the stand-in, so that they
 * look alike wherever they are made.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { defaultSettings, type Language } from '../contract/settings.ts'
import { root } from './set-up/places.mjs'
import { run, say } from './set-up/say.mjs'
import { openShell } from './shell.ts'

const SIZE = '1366x768'
const WITHIN_MS = 60_000

/** What is typed and pressed by name. */
const words = {
  zh: {
    line: '沿线',
    width: '宽度',
    title: '中山路 18 号楼道冒烟',
    grade: 'Ⅱ级',
    unit: '消防 新街口站',
    instruction: '到场查看,报告火情',
    accepted: '已接受',
  },
  en: {
    line: 'Line',
    width: 'Width',
    title: 'Smoke in the stairs, Zhongshan Road 18',
    grade: 'Grade II',
    unit: 'Xinjiekou engine',
    instruction: 'Go there, report the fire',
    accepted: 'Accepted',
  },
} as const

run(async () => {
  for (const language of ['zh', 'en'] as const) await tour(language)
  return mainJob()
})

/** The test that proves it takes them as it goes by. */
async function mainJob(): Promise<number> {
  const test = ['run', '--project', 'e2e', 'tests/e2e/main-job.test.ts']
  const vitest = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...test], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, WATCHFLOOR_PICTURES: join(root, 'docs', 'pictures') },
  })
  const [code] = await once(vitest, 'exit')
  return code ?? 1
}

async function tour(language: Language): Promise<void> {
  const folder = join(root, 'docs', 'pictures', language)
  mkdirSync(folder, { recursive: true })
  const scratch = mkdtempSync(join(tmpdir(), 'watchfloor-pictures-'))
  writeFileSync(
    join(scratch, 'settings.json'),
    JSON.stringify({ seat: { ...defaultSettings, language }, mapPaths: {}, secrets: {}, window: null }),
  )
  const shell = await openShell({
    program: process.execPath,
    args: [
      join(root, 'tests/electron/stand-in/launch.ts'),
      `--app=${root}`,
      '--headless',
      `--size=${SIZE}`,
      `--user-data-dir=${scratch}`,
    ],
  })
  const { page } = shell
  page.setDefaultTimeout(WITHIN_MS)
  const take = async (name: string) => {
    await page.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 82 })
    say(`${language}/${name}.jpg`)
  }
  try {
    await page.locator('[data-account="duty-1"]').click()
    await page.waitForFunction(() => {
      const map = document.querySelector<HTMLElement>('[data-testid="map"]')
      return Number(map?.dataset.moved ?? 0) > 20
    })
    await page.locator('[data-line="receiving"]').first().waitFor()
    await take('console')
    await select(page, words[language])
    await take('selection')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await open(page, words[language])
    await take('incident')
  } finally {
    await shell.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

type Words = (typeof words)[Language]

/** Everybody along a road. */
async function select(page: Page, { line, width }: Words): Promise<void> {
  const map = await page.getByTestId('map').boundingBox()
  if (map === null) throw new Error('there is no map')
  await page.keyboard.press('a')
  await page.getByRole('button', { name: line, exact: true }).click()
  for (const [across, down] of [
    [0.4, 0.6],
    [0.6, 0.75],
    [0.9, 0.62],
  ] as const) {
    const [x, y] = [map.x + map.width * across, map.y + map.height * down]
    await page.mouse.move(x, y, { steps: 4 })
    await page.mouse.click(x, y)
  }
  await page.keyboard.press('Enter')
  await page.getByRole('spinbutton', { name: width }).fill('1200')
  await page.getByTestId('found').waitFor()
}

/** An incident, graded, and a unit that has taken it on. */
async function open(page: Page, { title, grade, unit, instruction, accepted }: Words): Promise<void> {
  await page.getByRole('tree').focus()
  await page.keyboard.press('i')
  await page.keyboard.type(title)
  await page.keyboard.press('Enter')
  const card = page.locator('article[data-incident]')
  await card.getByText(grade, { exact: true }).click()
  await page.keyboard.press('/')
  await page.keyboard.type(unit)
  await page.locator('[role=treeitem][data-key^="unit/"]').first().click()
  await page.keyboard.press('t')
  await card.locator('input:focus, textarea:focus').waitFor()
  await page.keyboard.type(instruction)
  await page.keyboard.press('Enter')
  await card.locator('[data-task]').getByText(accepted).waitFor()
}
