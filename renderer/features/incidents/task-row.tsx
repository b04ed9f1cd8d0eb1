/** One task: who has it, how far it is, by when, and the steps that can be taken now. */

import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  awaitedOfTask,
  isExplained,
  isTaskOver,
  type Task,
  type TaskState,
  type TaskStep,
  taskTable,
} from '../../../contract/tasks.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { timeOf } from '../../ui/moment.ts'
import { unitSelected } from '../units/selection.ts'
import { Due } from './due.tsx'
import styles from './incidents.module.css'
import type { Rights } from './use-rights.ts'
import { WordsForm } from './words-form.tsx'

const way: readonly TaskState[] = [
  'assigned',
  'received',
  'accepted',
  'en-route',
  'on-scene',
  'done',
  'verified',
]

export function TaskRow({ task, rights }: { task: Task; rights: Rights }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const [explaining, setExplaining] = useState<TaskStep>()
  const { id, state, name, instruction, words, dueAt, overdue } = task
  const steps = (Object.keys(taskTable[state]) as TaskStep[]).filter((step) => rights.takeStep(task, step))
  const next = steps.find((step) => step === awaitedOfTask[state])
  const others = steps.filter((step) => step !== next)
  const take = (step: TaskStep) => {
    if (isExplained(step)) setExplaining(step)
    else void submit({ kind: 'task.step', task: id, step, words: null })
  }
  return (
    <li className={styles.task} data-task={id} data-state={state} data-overdue={overdue || undefined}>
      <div className={styles.taskHead}>
        <Assignee task={task} />
        <b>{t(`taskStates.${state}`)}</b>
        <Due at={dueAt} />
      </div>
      <p>{instruction}</p>
      {words !== null && <p className={styles.said}>{t('incident.quoted', { words })}</p>}
      {!isTaskOver(task) && <Progress task={task} />}
      {explaining !== undefined && isExplained(explaining) ? (
        <WordsForm
          needed
          label={t('incident.reason')}
          confirm={t(`steps.${explaining}`)}
          onConfirm={async (said) => {
            if (said === null) return
            const done = await submit({
              kind: 'task.explained-step',
              task: id,
              step: explaining,
              words: said,
            })
            if (done !== 'refused') setExplaining(undefined)
          }}
          onCancel={() => setExplaining(undefined)}
        />
      ) : (
        <div className={styles.buttons}>
          {next !== undefined && <Button onClick={() => take(next)}>{t(`steps.${next}`)}</Button>}
          {others.length > 0 && (
            <Dropdown
              trigger={['click']}
              menu={{
                items: others.map((step) => ({ key: step, label: t(`steps.${step}`) })),
                onClick: ({ key }) => take(key as TaskStep),
              }}
            >
              <Button aria-label={t('incident.moreSteps', { name: named(name) })}>…</Button>
            </Dropdown>
          )}
        </div>
      )}
    </li>
  )
}

function Assignee({ task: { assignee, name } }: { task: Task }) {
  const send = useSend()
  const seen = useApp(
    ({ shared }) => assignee.kind === 'unit' && assignee.unit in shared.state.directory.units,
  )
  if (assignee.kind === 'agency' || !seen) return <span>{named(name)}</span>
  return (
    <Button type="link" className={styles.link ?? ''} onClick={() => send(unitSelected(assignee.unit))}>
      {named(name)}
    </Button>
  )
}

/** The states on the way, those behind it filled. */
function Progress({ task: { state, reached } }: { task: Task }) {
  const { t } = useTranslation()
  const at = way.indexOf(state)
  return (
    <ol className={styles.progress} aria-label={t(`taskStates.${state}`)}>
      {way.map((one, nth) => {
        const when = reached[one]
        const title = `${t(`taskStates.${one}`)}${when === undefined ? '' : ` ${timeOf(when)}`}`
        return <li key={one} title={title} data-behind={nth <= at || undefined} />
      })}
    </ol>
  )
}
