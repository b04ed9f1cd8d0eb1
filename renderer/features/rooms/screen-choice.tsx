/** The officer chooses which of their screens or windows everybody will see. */
import { Button } from 'antd'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShownScreen } from '../../../contract/screens.ts'
import { engine } from '../../app/engine.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { useExplain } from '../../ui/refusal.ts'
import { showScreen } from './attending.ts'
import styles from './rooms.module.css'

const kinds = ['screen', 'window'] as const

export function ScreenChoice({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button disabled={disabled} onClick={() => setOpen(true)}>
        {t('rooms.showScreen')}
      </Button>
      {open && <Choice onDone={() => setOpen(false)} />}
    </>
  )
}

function Choice({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const { screens, failed, fail } = useScreens()
  const [chosen, setChosen] = useState<string>()
  const [busy, setBusy] = useState(false)
  const group = useId()
  const picked = chosen ?? screens?.[0]?.id
  const show = async () => {
    if (picked === undefined) return
    setBusy(true)
    try {
      await showScreen(picked)
      onDone()
    } catch (error) {
      fail(t('rooms.screenFailed', { why: error instanceof DOMException ? error.message : explain(error) }))
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      width={760}
      title={t('rooms.whichScreen')}
      okText={t('rooms.showThis')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: picked === undefined, loading: busy }}
      onOk={show}
      onCancel={onDone}
    >
      {failed !== undefined && <p role="alert">{failed}</p>}
      {screens === undefined && failed === undefined && <p role="status">{t('rooms.seekingScreens')}</p>}
      {screens?.length === 0 && <p role="alert">{t('rooms.noScreens')}</p>}
      {kinds.map((kind) => {
        const some = screens?.filter((screen) => screen.kind === kind) ?? []
        if (some.length === 0) return null
        return (
          <fieldset className={styles.screens} key={kind}>
            <legend>{t(`rooms.screenKinds.${kind}`)}</legend>
            {some.map(({ id, name, picture }) => (
              <label key={id}>
                {picture === null ? <span aria-hidden="true">▣</span> : <img src={picture} alt="" />}
                <span>
                  <input
                    type="radio"
                    name={group}
                    value={id}
                    checked={picked === id}
                    onChange={() => setChosen(id)}
                  />{' '}
                  {name}
                </span>
              </label>
            ))}
          </fieldset>
        )
      })}
    </Dialog>
  )
}

function useScreens() {
  const explain = useExplain()
  const [screens, setScreens] = useState<readonly ShownScreen[]>()
  const [failed, fail] = useState<string>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, as the choice opens.
  useEffect(() => {
    let gone = false
    engine.screens.list.query().then(
      (found) => {
        if (!gone) setScreens(found)
      },
      (error) => {
        if (!gone) fail(explain(error))
      },
    )
    return () => {
      gone = true
    }
  }, [])
  return { screens, failed, fail }
}
