/** An area of the tree, by its whole path. */
import { Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { areaPath } from '../../../contract/directory.ts'
import type { Id } from '../../../contract/primitives.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'

interface AreaChoiceProps {
  readonly id?: string
  readonly area: Id | null
  readonly disabled?: boolean
  onChange(area: Id | null): void
}

export function AreaChoice({ id: own, area, disabled = false, onChange }: AreaChoiceProps) {
  const { t, i18n } = useTranslation()
  const areas = useApp(({ shared }) => shared.state.directory.areas)
  // biome-ignore lint/correctness/useExhaustiveDependencies: names are in the language of the console.
  const options = useMemo(
    () =>
      Object.keys(areas).map((id) => ({
        value: id,
        label: areaPath(areas, id)
          .flatMap((above) => (areas[above] === undefined ? [] : [named(areas[above].name)]))
          .toReversed()
          .join(' / '),
      })),
    [areas, i18n.language],
  )
  return (
    <Select<Id>
      {...(own !== undefined && { id: own })}
      showSearch={{ optionFilterProp: 'label' }}
      allowClear
      style={{ width: '100%' }}
      disabled={disabled}
      aria-label={t('details.area')}
      placeholder={t('incident.wholeCentre')}
      value={area}
      options={options}
      onChange={(chosen) => onChange(chosen ?? null)}
    />
  )
}
