/** Lengths in words. */
import { useTranslation } from 'react-i18next'

export function useDistance(): (metres: number) => string {
  const { t } = useTranslation()
  return (metres) =>
    metres < 1000
      ? t('units.metres', { n: Math.round(metres) })
      : t('units.kilometres', { n: (metres / 1000).toFixed(metres < 10_000 ? 2 : 1) })
}
