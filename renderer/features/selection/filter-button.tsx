/** What a unit must be to be selected. */
import { Button, Popover, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { agencyKinds, type Terminal, unitKinds, unitStates } from '../../../contract/directory.ts'
import { useApp } from '../../app/store.ts'
import { anyUnit, type UnitFilter } from './choosing.ts'
import { adjust } from './seek.ts'
import styles from './selection.module.css'

const terminalKinds = [
  'sip',
  'radio',
  'camera',
  'field',
  'owntracks',
] as const satisfies readonly Terminal['kind'][]

export function FilterButton() {
  const { t } = useTranslation()
  const filter = useApp(({ selecting }) => selecting.filter)
  const active = Object.values(filter).filter((chosen) => chosen.length > 0).length
  return (
    <Popover trigger="click" placement="bottomLeft" content={<FilterForm filter={filter} />}>
      <Button type={active > 0 ? 'primary' : 'default'}>
        {active > 0 ? t('selection.filtered', { n: active }) : t('selection.filter')}
      </Button>
    </Popover>
  )
}

function FilterForm({ filter }: { filter: UnitFilter }) {
  const { t } = useTranslation()
  const change = (part: Partial<UnitFilter>) => adjust({ filter: { ...filter, ...part } })
  return (
    <div className={styles.filter}>
      <Choice
        label={t('selection.agencies')}
        values={agencyKinds}
        text={(kind) => t(`agencyKinds.${kind}`)}
        chosen={filter.agencies}
        onChange={(agencies) => change({ agencies })}
      />
      <Choice
        label={t('selection.kinds')}
        values={unitKinds}
        text={(kind) => t(`unitKinds.${kind}`)}
        chosen={filter.kinds}
        onChange={(kinds) => change({ kinds })}
      />
      <Choice
        label={t('selection.states')}
        values={unitStates}
        text={(state) => t(`unitStates.${state}`)}
        chosen={filter.states}
        onChange={(states) => change({ states })}
      />
      <Choice
        label={t('selection.terminals')}
        values={terminalKinds}
        text={(kind) => t(`terminals.${kind}`)}
        chosen={filter.terminals}
        onChange={(terminals) => change({ terminals })}
      />
      <Button onClick={() => adjust({ filter: anyUnit })}>{t('selection.clearFilter')}</Button>
    </div>
  )
}

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly values: readonly T[]
  readonly chosen: readonly T[]
  text(value: T): string
  onChange(chosen: readonly T[]): void
}

function Choice<T extends string>({ label, values, chosen, text, onChange }: ChoiceProps<T>) {
  const { t } = useTranslation()
  return (
    <div className={styles.field}>
      <span aria-hidden="true">{label}</span>
      <Select<T[]>
        mode="multiple"
        optionFilterProp="label"
        aria-label={label}
        placeholder={t('selection.any')}
        value={[...chosen]}
        options={values.map((value) => ({ value, label: text(value) }))}
        onChange={onChange}
      />
    </div>
  )
}
