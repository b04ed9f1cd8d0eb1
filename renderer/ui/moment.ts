/** A moment as people write it in the language of the console. */
import { currentLanguage } from '../app/i18n/index.ts'

const locales = { zh: 'zh-CN', en: 'en-GB' } as const

export const momentOf = (at: number): string =>
  new Date(at).toLocaleString(locales[currentLanguage()], { dateStyle: 'short', timeStyle: 'medium' })

/** As files are named: 2026-11-26 11-05-09. */
export const fileStampOf = (at: number): string => {
  const [day, time] = new Date(at).toLocaleString('sv-SE').split(' ')
  return `${day} ${time?.replaceAll(':', '-')}`
}

export const timeOf = (at: number): string => new Date(at).toLocaleTimeString('en-GB')
