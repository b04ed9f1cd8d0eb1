/** What officers tell one another about an incident: only ever added to. */

import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Incident } from '../../../contract/incidents.ts'
import { wordsSchema } from '../../../contract/tasks.ts'
import { named } from '../../app/i18n/index.ts'
import { useSubmit } from '../../app/submit.ts'
import { timeOf } from '../../ui/moment.ts'
import styles from './incidents.module.css'

export function Notes({ incident: { id, notes } }: { incident: Incident }) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const [text, setText] = useState('')
  const words = wordsSchema.safeParse(text)
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (!words.success) return
    const outcome = await submit({ kind: 'incident.note', incident: id, text: words.data, task: null })
    if (outcome !== 'refused') setText('')
  }
  return (
    <section className={styles.section} aria-label={t('incident.notes')}>
      <h3>{t('incident.notes')}</h3>
      <ul className={styles.notes}>
        {notes.map(({ at, by, text: said }) => (
          <li key={`${at} ${by.account} ${said}`}>
            <time dateTime={new Date(at).toISOString()}>{timeOf(at)}</time>
            <b>{named(by.name)}</b>
            <span>{said}</span>
          </li>
        ))}
      </ul>
      <form className={styles.note} onSubmit={add}>
        <Input
          maxLength={1000}
          aria-label={t('incident.addNote')}
          placeholder={t('incident.addNote')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <Button htmlType="submit" disabled={!words.success}>
          {t('incident.add')}
        </Button>
      </form>
    </section>
  )
}
