/** Language, theme and zoom, wherever they are wanted. */
import { App, Button, Popover, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SettingsChange } from '../../../contract/settings.ts'
import { useApp } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'
import { changeSettings } from './change.ts'
import styles from './display-settings.module.css'

const ZOOM_STEP = 0.1
const zooms = { least: 0.8, most: 1.5 }

export function useChangeSettings(): (change: SettingsChange) => void {
  const { message } = App.useApp()
  const explain = useExplain()
  return (change) => {
    changeSettings(change).catch((error) => message.error(explain(error)))
  }
}

export function DisplaySettings() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { language } = useApp(({ settings }) => settings.seat)
  const change = useChangeSettings()
  return (
    <div className={styles.bar}>
      <Button
        title={t('menu.language')}
        onClick={() => change({ language: language === 'zh' ? 'en' : 'zh' })}
        size="small"
      >
        中 / En
      </Button>
      <Popover
        trigger="click"
        open={open}
        onOpenChange={setOpen}
        content={<Choices />}
        placement="bottomRight"
      >
        <Button size="small" aria-expanded={open}>
          {t('menu.settings')}
        </Button>
      </Popover>
    </div>
  )
}

function Choices() {
  const { t } = useTranslation()
  const { language, theme, zoom } = useApp(({ settings }) => settings.seat)
  const change = useChangeSettings()
  const zoomTo = (next: number) =>
    change({ zoom: Math.round(Math.min(Math.max(next, zooms.least), zooms.most) * 10) / 10 })
  return (
    <div className={styles.choices}>
      <span>{t('menu.language')}</span>
      <Segmented
        aria-label={t('menu.language')}
        value={language}
        options={[
          { value: 'zh', label: '中文' },
          { value: 'en', label: 'English' },
        ]}
        onChange={(value) => change({ language: value as 'zh' | 'en' })}
      />
      <span>{t('menu.theme')}</span>
      <Segmented
        aria-label={t('menu.theme')}
        value={theme}
        options={[
          { value: 'dark', label: t('menu.dark') },
          { value: 'light', label: t('menu.light') },
        ]}
        onChange={(value) => change({ theme: value as 'dark' | 'light' })}
      />
      <span>{t('menu.zoom')}</span>
      <div className={styles.zoom}>
        <Button
          aria-label={`${t('menu.zoom')} −`}
          disabled={zoom <= zooms.least}
          onClick={() => zoomTo(zoom - ZOOM_STEP)}
        >
          −
        </Button>
        <output>{Math.round(zoom * 100)} %</output>
        <Button
          aria-label={`${t('menu.zoom')} +`}
          disabled={zoom >= zooms.most}
          onClick={() => zoomTo(zoom + ZOOM_STEP)}
        >
          +
        </Button>
      </div>
    </div>
  )
}
