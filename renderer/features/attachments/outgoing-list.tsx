/** Files that a message will bring along: how far each is, and taking it back. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useExplain } from '../../ui/refusal.ts'
import styles from './attachments.module.css'
import type { Outgoing, OutgoingFiles } from './use-outgoing.ts'

export function OutgoingList({ files }: { files: OutgoingFiles }) {
  const { t } = useTranslation()
  if (files.all.length === 0) return null
  return (
    <ul className={styles.outgoing} aria-label={t('attachments.outgoing')}>
      {files.all.map((each) => (
        <li key={each.key} data-outgoing={each.state.kind}>
          <span>{each.name}</span> <State outgoing={each} />
          {each.state.kind === 'failed' && (
            <Button onClick={() => files.again(each.key)}>{t('attachments.again')}</Button>
          )}
          <Button
            type="text"
            aria-label={t('attachments.remove', { name: each.name })}
            onClick={() => files.remove(each.key)}
          >
            ✕
          </Button>
        </li>
      ))}
    </ul>
  )
}

function State({ outgoing: { name, state } }: { outgoing: Outgoing }) {
  const { t } = useTranslation()
  const explain = useExplain()
  switch (state.kind) {
    case 'sending':
      return <progress value={state.share} aria-label={t('attachments.sending', { name })} />
    case 'sent':
      return <span role="status">✓</span>
    case 'failed':
      return <span role="alert">{t('attachments.failed', { name, why: explain(state.error) })}</span>
    case 'unsendable':
      return <span role="alert">{t(`attachments.unsendable.${state.why}`)}</span>
  }
}
