/** A failed action in words: what failed is told by where it is shown, why and what to do by this. */
import { useTranslation } from 'react-i18next'
import { refusedBy } from '../../contract/rpc.ts'

export function useExplain(): (error: unknown) => string {
  const { t } = useTranslation()
  return (error) => {
    const refused = refusedBy(error)
    if (refused === undefined) return t('refusals.unexpected')
    const { capability } = refused.particulars
    const words =
      typeof capability === 'string'
        ? { ...refused.particulars, capability: t(`capabilities.${capability as 'view'}`) }
        : refused.particulars
    return t(`refusals.${refused.code}`, words)
  }
}
