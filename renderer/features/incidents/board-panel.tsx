/** The board: which incidents there are, the gravest first. */
import { Button, Input, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { grades } from '../../../contract/deadlines.ts'
import { type Incident, tasksOf } from '../../../contract/incidents.ts'
import { isTaskOver } from '../../../contract/tasks.ts'
import { keyName } from '../../app/shortcuts/shortcuts.ts'
import { useApp, useSend } from '../../app/store.ts'
import { onBoard } from './board.ts'
import { Due } from './due.tsx'
import { FiledList } from './filed-list.tsx'
import { GradeSymbol } from './grade-symbol.tsx'
import styles from './incidents.module.css'
import { boardFiltered } from './slice.ts'
import { useBeginDraft } from './use-draft.ts'
import { useRights } from './use-rights.ts'
import { useSelectIncident } from './use-select.ts'

/** Where the key that shows the panel puts the focus. */
export const BOARD_PANEL = 'incidents-panel'

const sides = ['going', 'over', 'filed'] as const

export function BoardPanel() {
  const { t } = useTranslation()
  const send = useSend()
  const incidents = useApp(({ shared }) => shared.state.incidents)
  const filter = useApp(({ incidents }) => incidents.filter)
  const { account, open } = useRights()
  const draft = useBeginDraft()
  const shown = filter.which === 'filed' ? [] : onBoard(incidents, filter, account?.id ?? '')
  return (
    <section id={BOARD_PANEL} className={styles.panel} tabIndex={-1}>
      <header className={styles.head}>
        <Segmented
          size="small"
          value={filter.which}
          aria-label={t('incident.which')}
          options={sides.map((which) => ({ value: which, label: t(`incident.sides.${which}`) }))}
          onChange={(which) => send(boardFiltered({ which }))}
        />
        {open && (
          <Button type="primary" title={keyName('incident')} onClick={() => draft.at(undefined)}>
            {t('incident.openShort')} <kbd>{keyName('incident')}</kbd>
          </Button>
        )}
      </header>
      <Input
        allowClear
        maxLength={60}
        aria-label={t('incident.search')}
        placeholder={t('incident.search')}
        value={filter.text}
        onChange={({ target }) => send(boardFiltered({ text: target.value }))}
      />
      {filter.which === 'filed' ? (
        <FiledList text={filter.text} />
      ) : (
        <>
          <Filters />
          {shown.length === 0 ? (
            <p className={styles.none}>{t('incident.nothing')}</p>
          ) : (
            <ul className={styles.board} data-testid="board">
              {shown.map((incident) => (
                <Row key={incident.id} incident={incident} />
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  )
}

function Filters() {
  const { t } = useTranslation()
  const send = useSend()
  const filter = useApp(({ incidents }) => incidents.filter)
  return (
    <fieldset className={styles.filters} aria-label={t('incident.filter')}>
      {grades.map((grade) => {
        const chosen = filter.grades.includes(grade)
        const rest = filter.grades.filter((other) => other !== grade)
        return (
          <Button
            key={grade}
            aria-pressed={chosen}
            className={styles.toggle ?? ''}
            onClick={() => send(boardFiltered({ grades: chosen ? rest : [...rest, grade] }))}
          >
            <GradeSymbol grade={grade} />
          </Button>
        )
      })}
      <Button
        aria-pressed={filter.mine}
        className={styles.toggle ?? ''}
        onClick={() => send(boardFiltered({ mine: !filter.mine }))}
      >
        {t('incident.mine')}
      </Button>
      <Button
        aria-pressed={filter.overdue}
        className={styles.toggle ?? ''}
        onClick={() => send(boardFiltered({ overdue: !filter.overdue }))}
      >
        ▲ {t('incident.overdue')}
      </Button>
    </fieldset>
  )
}

function Row({ incident }: { incident: Incident }) {
  const { t } = useTranslation()
  const select = useSelectIncident()
  const selected = useApp(({ incidents }) => incidents.selected === incident.id)
  const incidents = useApp(({ shared }) => shared.state.incidents)
  const { id, number, title, state, grade, address, dueAt, category } = incident
  const open = tasksOf(incidents, id).filter((task) => !isTaskOver(task))
  const late = open.filter(({ overdue }) => overdue).length
  return (
    <li>
      <button
        type="button"
        className={styles.row}
        aria-current={selected || undefined}
        data-incident={id}
        onClick={() => select(id)}
      >
        <GradeSymbol grade={grade} isOver={incident.ending !== null} />
        <span className={styles.title}>
          <b>
            #{number} {title}
          </b>
          <small>
            {t(`incidentCategories.${category}`)}
            {address !== null && ` · ${address}`}
          </small>
        </span>
        <span className={styles.state}>
          {t(`incidentStates.${state}`)}
          <Due at={dueAt} />
          {open.length > 0 && (
            <small data-overdue={late > 0 || undefined}>
              {late > 0 && '▲ '}
              {t('incident.openTasks', { n: open.length })}
            </small>
          )}
        </span>
      </button>
    </li>
  )
}
