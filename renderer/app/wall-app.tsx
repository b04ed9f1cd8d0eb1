/** The page of the video wall's own window: the wall of whoever is signed in, and the keys that must work anywhere. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useTalkKeys } from '../features/radio/use-talk-keys.ts'
import { useAnswerKey } from '../features/telephony/use-answer-key.ts'
import { Wall } from '../features/wall/wall-panel.tsx'
import styles from './app.module.css'
import { Frame } from './frame.tsx'

export function WallApp() {
  return <Frame>{({ kind }) => (kind === 'signed-in' ? <OfficersWall /> : <NoOfficer />)}</Frame>
}

function OfficersWall() {
  useTitle()
  useTalkKeys()
  useAnswerKey()
  return (
    <main className={styles.app}>
      <Wall />
    </main>
  )
}

function NoOfficer() {
  const { t } = useTranslation()
  useTitle()
  return (
    <main className={styles.loading}>
      <h1 className={styles.nobody}>{t('wall.nobody')}</h1>
    </main>
  )
}

/** Among the windows of the system. */
function useTitle(): void {
  const { t } = useTranslation()
  const title = t('wall.windowTitle')
  useEffect(() => {
    document.title = title
  }, [title])
}
