/** A failed action in words: what failed is told by where it is shown, why and what to do by this. */
import { useTranslation } from 'react-i18next'
import type { Lapse } from '../../contract/engine.ts'
import type { Refused } from '../../contract/refusal.ts'
import { refusedBy } from '../../contract/rpc.ts'

export function useExplain(): (error: unknown) => string {
  const { t } = useTranslation()
  const explain = useExplainRefusal()
  return (error) => {
    const refused = refusedBy(error)
    return refused === undefined ? t('refusals.unexpected') : explain(refused)
  }
}

/** Particulars that are names of ours are said in the words of the console. */
export function useExplainRefusal(): (refused: Pick<Lapse, 'code' | 'particulars'> | Refused) => string {
  const { t, i18n } = useTranslation()
  const words = (group: string, word: string | number): string | number => {
    const key = `${group}.${word}`
    return i18n.exists(key) ? t(key as 'capabilities.view') : word
  }
  return ({ code, particulars }) =>
    t(
      `refusals.${code}`,
      Object.fromEntries(
        Object.entries(particulars).map(([name, word]) => [
          name,
          (groups[name] ?? []).map((group) => words(group, word)).find((said) => said !== word) ?? word,
        ]),
      ),
    )
}

/** Where the words for a particular are. */
const groups: Readonly<Record<string, readonly string[]>> = {
  capability: ['capabilities'],
  step: ['steps'],
  trouble: ['cameraTroubles'],
  state: ['incidentStates', 'taskStates'],
  field: ['details'],
  theirs: ['grades', 'incidentCategories'],
  yours: ['grades', 'incidentCategories'],
}
