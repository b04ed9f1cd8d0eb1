/** The directory: search, grouping, and the tree of areas, agencies and units. */
import { Input, type InputRef, Segmented } from 'antd'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import { useNow } from '../../ui/age.ts'
import { positions } from '../map/position-store.ts'
import styles from './directory.module.css'
import { branch, type Grouping, rowsOf } from './rows.ts'
import { indexOf, search } from './search.ts'
import { Tree } from './tree.tsx'

/** City and districts are open at first, agencies closed. */
const openAtFirst = (key: string, depth: number): boolean => key.startsWith('area/') && depth === 0

export function DirectoryPanel() {
  const { t } = useTranslation()
  const directory = useApp(({ shared }) => shared.state.directory)
  const known = useApp(({ shared }) => shared.known)
  const [text, setText] = useState('')
  const [grouping, setGrouping] = useState<Grouping>('area')
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const input = useRef<InputRef>(null)
  useShortcut('search', () => input.current?.focus({ cursor: 'all' }))

  const sought = useDeferredValue(text)
  const matching = useMemo(
    () => (sought.trim() === '' ? undefined : search(indexOf(directory), sought)),
    [directory, sought],
  )
  const branches = useMemo(() => branch(directory, grouping, matching), [directory, grouping, matching])
  const rows = useMemo(() => {
    const narrow = matching !== undefined && matching.units.size <= 60
    return rowsOf(branches, (key, depth) => (narrow || openAtFirst(key, depth)) !== toggled.has(key))
  }, [branches, matching, toggled])
  const toggle = (key: string) =>
    setToggled((before) => {
      const after = new Set(before)
      if (!after.delete(key)) after.add(key)
      return after
    })
  const look = (value: string) => {
    setText(value)
    setToggled(new Set())
  }

  return (
    <section className={styles.panel}>
      <Counts />
      <Input
        ref={input}
        className={styles.search ?? ''}
        value={text}
        placeholder={t('directory.search')}
        aria-label={t('directory.search')}
        allowClear
        onChange={({ target }) => look(target.value)}
        onKeyDown={({ key }) => {
          if (key === 'Escape') look('')
        }}
      />
      <Segmented
        className={styles.grouping ?? ''}
        size="small"
        block
        value={grouping}
        aria-label={t('directory.label')}
        options={[
          { value: 'area', label: t('directory.byArea') },
          { value: 'agency', label: t('directory.byAgency') },
        ]}
        onChange={(value) => setGrouping(value as Grouping)}
      />
      {rows.length > 0 ? (
        <Tree rows={rows} onToggle={toggle} />
      ) : (
        <p className={styles.empty}>
          {!known
            ? t('directory.loading')
            : sought === ''
              ? t('directory.nothing')
              : t('directory.noMatch', { text: sought })}
        </p>
      )}
    </section>
  )
}

/** Counted once a second: positions tell nobody one by one. */
function Counts() {
  const { t } = useTranslation()
  useNow()
  const units = useApp(({ shared }) => shared.state.directory.units)
  let onDuty = 0
  let stale = 0
  for (const { state, index } of Object.values(units)) {
    if (state === 'off-duty') continue
    onDuty++
    if (positions.isStale(index)) stale++
  }
  return <p className={styles.counts}>{t('directory.counts', { onDuty, stale })}</p>
}
