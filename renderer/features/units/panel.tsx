/** The selected thing: one unit's card, or the list of what is selected. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { TaskUnits } from '../incidents/task-units.tsx'
import { KeyUnits } from '../radio/key-units.tsx'
import { RollCallUnits } from '../radio/roll-call-units.tsx'
import { OpenRoomForUnits } from '../rooms/open-for-units.tsx'
import { CallUnits } from '../telephony/groups/call-units.tsx'
import { FormGroup } from '../threads/form-group.tsx'
import { MessageUnits } from '../threads/message-units.tsx'
import { WallUnits } from '../wall/wall-units.tsx'
import styles from './card.module.css'
import { selectionCleared, unitSelected, unitToggled } from './selection.ts'
import { UnitCard } from './unit-card.tsx'
import { UnitSymbol } from './unit-symbol.tsx'

export function CardPanel() {
  const { t } = useTranslation()
  const send = useSend()
  const selected = useApp(({ selection }) => selection.units)
  const { units, agencies } = useApp(({ shared }) => shared.state.directory)
  const [only] = selected
  if (only === undefined) return <p className={styles.none}>{t('card.none')}</p>
  if (selected.length === 1) {
    const unit = units[only]
    return unit === undefined ? (
      <p className={styles.none}>{t('card.removed')}</p>
    ) : (
      <UnitCard unit={unit} key={unit.id} />
    )
  }
  return (
    <section className={styles.card} data-testid="selection">
      <header className={styles.many}>
        <h2>{t('card.selected', { n: selected.length })}</h2>
        <Button size="small" onClick={() => send(selectionCleared())}>
          {t('card.clear')}
        </Button>
      </header>
      <CallUnits selected={selected} />
      <RollCallUnits selected={selected} />
      <KeyUnits selected={selected} />
      <div className={styles.acts}>
        <MessageUnits selected={selected} />
        <FormGroup selected={selected} />
        <TaskUnits />
        <OpenRoomForUnits selected={selected} />
        <WallUnits selected={selected} />
      </div>
      <ul className={styles.list}>
        {selected.map((id) => {
          const unit = units[id]
          return unit === undefined ? null : (
            <li key={id}>
              <Button type="text" onClick={() => send(unitSelected(id))}>
                <UnitSymbol
                  agency={agencies[unit.agency]?.kind ?? 'other'}
                  kind={unit.kind}
                  state={unit.state}
                />
                {named(unit.name)}
              </Button>
              <Button
                type="text"
                aria-label={`${t('card.clear')}: ${named(unit.name)}`}
                onClick={() => send(unitToggled(id))}
              >
                ✕
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
