/** The keys of a telephone. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import styles from './call-bar.module.css'

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

export function Pad({ onDigit }: { onDigit(digit: string): void }) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw itself and wants a legend.
    <div className={styles.pad} role="group" aria-label={t('telephone.pad')}>
      {keys.map((key) => (
        <Button key={key} onClick={() => onDigit(key)}>
          {key}
        </Button>
      ))}
    </div>
  )
}
