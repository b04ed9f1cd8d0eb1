/** What a message or a report brought along: pictures to be seen, files to be saved. */
import { App, Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../contract/attachments.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { offerFile } from '../../ui/offer-file.ts'
import { useExplain } from '../../ui/refusal.ts'
import styles from './attachments.module.css'
import { contentOf } from './content.ts'

export function AttachmentList({ attachments }: { attachments: readonly Attachment[] | undefined }) {
  if (attachments === undefined) return null
  return (
    <ul className={styles.list}>
      {attachments.map((attachment) => (
        <li key={`${attachment.hash} ${attachment.name}`} data-attachment={attachment.name}>
          {attachment.type.startsWith('image/') ? (
            <Seen attachment={attachment} />
          ) : (
            <Saved attachment={attachment} />
          )}
        </li>
      ))}
    </ul>
  )
}

function Seen({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const [open, setOpen] = useState(false)
  const { url, failed, again } = usePicture(attachment)
  const { name } = attachment
  if (failed !== undefined)
    return (
      <span role="alert" className={styles.failed}>
        {t('attachments.failed', { name, why: explain(failed) })}{' '}
        <Button onClick={again}>{t('attachments.again')}</Button>
      </span>
    )
  if (url === undefined) return <span role="status">{t('attachments.coming', { name })}</span>
  return (
    <>
      <button
        type="button"
        className={styles.seen}
        title={name}
        aria-label={t('attachments.enlarge', { name })}
        onClick={() => setOpen(true)}
      >
        <img src={url} alt={name} />
      </button>
      <Dialog
        open={open}
        title={name}
        width="90%"
        onCancel={() => setOpen(false)}
        footer={<Saved attachment={attachment} />}
      >
        <img className={styles.large} src={url} alt={name} />
      </Dialog>
    </>
  )
}

function Saved({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  const { name, size } = attachment
  const save = () =>
    contentOf(attachment).then(
      (content) => offerFile(content, name),
      (error) => message.error(t('attachments.failed', { name, why: explain(error) })),
    )
  return <Button onClick={save}>{t('attachments.save', { name, size: kilobytes(size) })}</Button>
}

const kilobytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

function usePicture(attachment: Attachment) {
  const [shown, setShown] = useState<{ url?: string; failed?: unknown }>({})
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the content goes by its hash, and is tried anew when asked.
  useEffect(() => {
    let url: string | undefined
    let gone = false
    setShown({})
    contentOf(attachment).then(
      (content) => {
        if (gone) return
        url = URL.createObjectURL(content)
        setShown({ url })
      },
      (failed) => {
        if (!gone) setShown({ failed })
      },
    )
    return () => {
      gone = true
      if (url !== undefined) URL.revokeObjectURL(url)
    }
  }, [attachment.hash, tries])
  return { ...shown, again: () => setTries((before) => before + 1) }
}
