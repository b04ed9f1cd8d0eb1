/** Who else from the centre is in a call of this seat, or in one of several that belong together. */
import { useTranslation } from 'react-i18next'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import styles from './supervision.module.css'

export function InThisCall({ calls }: { calls: readonly string[] }) {
  const { t } = useTranslation()
  const present = useApp(({ supervision }) => supervision.present)
  return present
    .filter((each) => calls.includes(each.call))
    .map(({ id, mode, by }) => (
      <span key={id} className={styles.present} data-mode={mode} role="status">
        {t(`supervision.present.${mode}`, { by: named(by) })}
      </span>
    ))
}
