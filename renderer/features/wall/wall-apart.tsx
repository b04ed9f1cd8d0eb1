/** In the console, while the wall is in a window of its own. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useWallWindow } from './use-wall-window.ts'
import styles from './wall.module.css'

export function WallApart() {
  const { t } = useTranslation()
  const [, want] = useWallWindow()
  return (
    <section className={styles.apart} data-testid="wall-apart">
      <p>{t('wall.apart')}</p>
      <Button onClick={() => want('none')}>{t('wall.bringBack')}</Button>
    </section>
  )
}
