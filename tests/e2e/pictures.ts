/** Pictures for the documents, taken as a test goes by: only where WATCHFLOOR_PICTURES names a folder for them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'

const folder = process.env.WATCHFLOOR_PICTURES

/**
 * Of the console or of a phone in the field, in Chinese, which it speaks before and after, and in English. `about`: what
 * is to be in sight.
 */
export async function takePicture(page: Page, name: string, about?: Locator): Promise<void> {
  if (folder === undefined) return
  await about?.evaluate((element) => element.scrollIntoView({ block: 'start' }))
  await take(page, 'zh', name)
  await page.getByRole('button', { name: /^(中 \/ En|English)$/ }).click()
  await page.locator('html[lang="en"]').waitFor()
  await take(page, 'en', name)
  await page.getByRole('button', { name: /^(中 \/ En|中文)$/ }).click()
  await page.locator('html[lang="zh-CN"]').waitFor()
}

async function take(page: Page, language: 'zh' | 'en', name: string): Promise<void> {
  const own = join(folder ?? '', language)
  mkdirSync(own, { recursive: true })
  await page.screenshot({ path: join(own, `${name}.jpg`), type: 'jpeg', quality: 82 })
}
