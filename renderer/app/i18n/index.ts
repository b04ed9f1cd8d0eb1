/** Texts in Chinese and English. The keys are checked by the compiler: a missing one fails the build. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Name } from '../../../contract/primitives.ts'
import type { Language } from '../../../contract/settings.ts'
import { en } from './en/index.ts'
import { type parts, zh } from './zh/index.ts'

type Widened<T> = { [K in keyof T]: T[K] extends string ? string : Widened<T[K]> }
export type Texts = Widened<typeof zh>
/** What the other language says of one capability. */
export type TextsOf<Part extends keyof typeof parts> = Widened<(typeof parts)[Part]>

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zh }
  }
}

void i18next.use(initReactI18next).init({
  lng: 'zh',
  fallbackLng: false,
  resources: { zh: { translation: zh }, en: { translation: en } },
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  returnNull: false,
})

const tags: Record<Language, string> = { zh: 'zh-CN', en: 'en' }

export function useLanguage(language: Language): void {
  if (i18next.language === language) return
  void i18next.changeLanguage(language)
  document.documentElement.lang = tags[language]
}

export const currentLanguage = (): Language => (i18next.language === 'en' ? 'en' : 'zh')

/** Names one after another, in the language of the console. */
export const listed = (names: readonly string[]): string =>
  names.join(currentLanguage() === 'zh' ? '、' : ', ')

/** A name in the language of the console. */
export const named = (name: Name, language: Language = currentLanguage()): string => name[language]
