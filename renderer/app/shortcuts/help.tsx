/** The list of keyboard shortcuts, on `?`. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/dialog.tsx'
import styles from './help.module.css'
import { keyName, type Shortcut, shortcuts, useShortcut } from './shortcuts.ts'

export function ShortcutHelp() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  useShortcut('help', () => setOpen(true))
  return (
    <Dialog
      title={t('shortcuts.title')}
      open={open}
      onCancel={() => setOpen(false)}
      footer={null}
      width={420}
    >
      <dl className={styles.list}>
        {(Object.keys(shortcuts) as Shortcut[]).map((shortcut) => (
          <Line key={shortcut} keys={[keyName(shortcut)]} text={t(`shortcuts.${shortcut}`)} />
        ))}
        <Line keys={['Space']} text={t('shortcuts.talk')} />
        <Line keys={['F1', '…', 'F12']} text={t('shortcuts.talkOn')} />
        <Line keys={['↑', '↓', '←', '→', 'Enter']} text={t('shortcuts.tree')} />
        <Line keys={['Esc']} text={t('shortcuts.close')} />
      </dl>
    </Dialog>
  )
}

function Line({ keys, text }: { keys: readonly string[]; text: string }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{text}</dd>
    </div>
  )
}
