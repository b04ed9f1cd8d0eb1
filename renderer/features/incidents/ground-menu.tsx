/** What can be done at a place of the map: opens where its right button was pressed. */
import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { isIncidentOver } from '../../../contract/incidents.ts'
import type { Place } from '../../../contract/primitives.ts'
import { keyName } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import styles from './ground-menu.module.css'
import { useBeginDraft } from './use-draft.ts'
import { useRights } from './use-rights.ts'

interface GroundMenuProps {
  readonly place: Place
  /** In the map's panel, CSS pixels. */
  readonly x: number
  readonly y: number
  onDone(): void
}

export function GroundMenu({ place, x, y, onDone }: GroundMenuProps) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const draft = useBeginDraft()
  const rights = useRights()
  const menu = useRef<HTMLDivElement>(null)
  const incident = useApp(({ shared, incidents }) =>
    incidents.selected === null ? undefined : shared.state.incidents.live[incidents.selected],
  )
  useEffect(() => menu.current?.querySelector('button')?.focus(), [])
  const can = incident !== undefined && !isIncidentOver(incident) && rights.workOn(incident)
  if (!rights.open && !can) return null
  return (
    <div
      ref={menu}
      className={styles.menu}
      role="menu"
      style={{ left: x, top: y }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onDone()
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) onDone()
      }}
    >
      {rights.open && (
        <Button
          type="text"
          role="menuitem"
          onClick={() => {
            draft.at(place)
            onDone()
          }}
        >
          {t('incident.openHere')} <kbd>{keyName('incident')}</kbd>
        </Button>
      )}
      {can && (
        <Button
          type="text"
          role="menuitem"
          onClick={() => {
            void submit({
              kind: 'incident.amend',
              incident: incident.id,
              change: { field: 'place', saw: incident.place, to: place },
            })
            onDone()
          }}
        >
          {t('incident.moveHere', { name: `#${incident.number}` })}
        </Button>
      )}
    </div>
  )
}
