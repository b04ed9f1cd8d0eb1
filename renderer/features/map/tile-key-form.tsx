/** Asks for the key of a basemap whose tiles want one. */
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Basemap } from '../../../contract/basemaps.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useExplain } from '../../ui/refusal.ts'
import styles from './map.module.css'

/** `onKept`: it is to be tried again. */
export function TileKeyForm({ basemap, onKept }: { basemap: Basemap; onKept(): void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  const [secret, setSecret] = useState('')
  const save = async () => {
    if (basemap.kind !== 'tiles' || basemap.key === undefined) return
    try {
      await engine.settings.setTileKey.mutate({ key: basemap.key, secret })
      onKept()
    } catch (error) {
      message.error(explain(error))
    }
  }
  return (
    <form
      className={styles.key}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <label htmlFor="tile-key">{t('map.tileKey', { name: named(basemap.name) })}</label>
      <Input.Password
        id="tile-key"
        value={secret}
        onChange={({ target }) => setSecret(target.value)}
        autoComplete="off"
        maxLength={200}
      />
      <Button type="primary" htmlType="submit" disabled={secret === ''}>
        {t('map.tileKeySave')}
      </Button>
      <small>{t('map.tileKeyHint')}</small>
    </form>
  )
}
