/** The nearest of those that the filter lets through, to a unit or to where the map is. */
import { Button, InputNumber, Radio } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '../../app/store.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import type { ConsoleMap } from '../map/console-map.ts'
import { positions } from '../map/position-store.ts'
import { placeOf } from './finding.ts'
import { seek } from './seek.ts'
import styles from './selection.module.css'

const USUAL_COUNT = 5
const MOST = 200

export function NearestButton({ map }: { map: ConsoleMap | undefined }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <FormPopover
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      form={<NearestForm map={map} onDone={() => setOpen(false)} />}
    >
      <Button>{t('selection.nearest')}</Button>
    </FormPopover>
  )
}

function NearestForm({ map, onDone }: { map: ConsoleMap | undefined; onDone(): void }) {
  const { t } = useTranslation()
  const unit = useApp(({ selection, shared }) => shared.state.directory.units[selection.units[0] ?? ''])
  const near = unit && placeOf(positions, unit.index)
  const [from, setFrom] = useState<'unit' | 'centre'>(near === undefined ? 'centre' : 'unit')
  const [most, setMost] = useState(USUAL_COUNT)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const to = from === 'unit' ? near : map?.centre
    if (to === undefined) return
    seek({ kind: 'nearest', to, most })
    onDone()
  }
  return (
    <form className={styles.filter} onSubmit={submit}>
      <div className={styles.field}>
        <span aria-hidden="true">{t('selection.nearestCount')}</span>
        <InputNumber<number>
          aria-label={t('selection.nearestCount')}
          min={1}
          max={MOST}
          value={most}
          onChange={(value) => setMost(value ?? 1)}
        />
      </div>
      <Radio.Group
        value={from}
        onChange={({ target }) => setFrom(target.value)}
        options={(['unit', 'centre'] as const).map((value) => ({
          value,
          label: t(`selection.nearestFrom.${value}`),
          disabled: value === 'unit' && near === undefined,
        }))}
      />
      <Button type="primary" htmlType="submit">
        {t('selection.nearest')}
      </Button>
    </form>
  )
}
