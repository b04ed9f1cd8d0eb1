/** A unit's card: who it is, what it is doing, how to reach it, and where it was last. */
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { areaPath, type Unit, type UnitState, unitStates } from '../../../contract/directory.ts'
import { may } from '../../../contract/permissions.ts'
import { currentGrants, unitTarget } from '../../../contract/visibility.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { FieldPass } from '../field/field-pass.tsx'
import { TaskUnits } from '../incidents/task-units.tsx'
import { RadioUnit } from '../radio/radio-unit.tsx'
import { UnitAlarm } from '../radio/unit-alarm.tsx'
import { OpenRoomForUnits } from '../rooms/open-for-units.tsx'
import { UnitPicture } from '../sources/unit-picture.tsx'
import { CallUnit } from '../telephony/call-unit.tsx'
import { MessageUnit } from '../threads/message-unit.tsx'
import { WallUnits } from '../wall/wall-units.tsx'
import styles from './card.module.css'
import { PositionLines } from './position-lines.tsx'
import { TrackControls } from './track-controls.tsx'
import { UnitSymbol } from './unit-symbol.tsx'

export function UnitCard({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const { directory } = useApp(({ shared }) => shared.state)
  const agency = directory.agencies[unit.agency]
  const path = areaPath(directory.areas, unit.area)
    .reverse()
    .flatMap((id) => (directory.areas[id] === undefined ? [] : [named(directory.areas[id].name)]))
  return (
    <section className={styles.card} data-unit={unit.id}>
      <p className={styles.path}>
        {agency === undefined ? unit.agency : named(agency.name)} · {path.join(' / ')}
      </p>
      <h2>
        <UnitSymbol agency={agency?.kind ?? 'other'} kind={unit.kind} state={unit.state} />
        {named(unit.name)}
      </h2>
      <UnitAlarm unit={unit.id} />
      <CallUnit unit={unit} />
      <RadioUnit unit={unit} />
      <div className={styles.acts}>
        <MessageUnit unit={unit} />
        <TaskUnits />
        <OpenRoomForUnits selected={[unit.id]} />
      </div>
      <UnitPicture unit={unit} />
      <WallUnits selected={[unit.id]} />
      <dl className={styles.facts}>
        <dt>{t('card.state')}</dt>
        <dd>
          <StateChoice unit={unit} />
        </dd>
        <dt>{t('card.kind')}</dt>
        <dd>
          {t(`unitKinds.${unit.kind}`)}
          {unit.crew === undefined || unit.crew === 0 ? '' : ` · ${t('card.crewCount', { n: unit.crew })}`}
        </dd>
        <dt>{t('card.terminals')}</dt>
        <dd>
          <Terminals unit={unit} />
          <FieldPass unit={unit} />
        </dd>
        {unit.note !== undefined && (
          <>
            <dt>{t('card.note')}</dt>
            <dd>{unit.note}</dd>
          </>
        )}
        <PositionLines unit={unit} />
      </dl>
      <TrackControls unit={unit} />
    </section>
  )
}

function Terminals({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  if (unit.terminals.length === 0) return t('card.noTerminals')
  return (
    <ul className={styles.terminals}>
      {unit.terminals.map((terminal) => (
        <li key={JSON.stringify(terminal)}>
          {t(`terminals.${terminal.kind}`)}
          {'number' in terminal ? ` ${terminal.number}` : ''}
        </li>
      ))}
    </ul>
  )
}

/** Whoever may task the unit may say what it is doing; anybody else reads it. */
function StateChoice({ unit }: { unit: Unit }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const allowed = useApp(({ shared, session }) => {
    if (session.session?.kind !== 'signed-in') return false
    const grants = currentGrants(shared.state, session.session.account.id)
    return may(grants, 'task', unitTarget(shared.state, unit), Date.now())
  })
  if (!allowed) return t(`unitStates.${unit.state}`)
  return (
    <Select<UnitState>
      aria-label={t('card.setState')}
      className={styles.state ?? ''}
      value={unit.state}
      options={unitStates.map((state) => ({ value: state, label: t(`unitStates.${state}`) }))}
      onChange={(state) => void submit({ kind: 'unit.set-state', unit: unit.id, state })}
    />
  )
}
