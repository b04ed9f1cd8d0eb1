/** What is known of an incident, and can be corrected. */

import { Button, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DetailChange } from '../../../contract/incident-commands.ts'
import { type Incident, incidentCategories } from '../../../contract/incidents.ts'
import { listed, named } from '../../app/i18n/index.ts'
import { useSubmit } from '../../app/submit.ts'
import { momentOf } from '../../ui/moment.ts'
import { writePlace } from '../map/coordinates.ts'
import { mapView } from '../map/map-view.ts'
import { AreaChoice } from './area-choice.tsx'
import { TextFact } from './editable.tsx'
import { IncidentName } from './incident-name.tsx'
import styles from './incidents.module.css'

const CLOSE_ZOOM = 16

interface FactsProps {
  readonly incident: Incident
  readonly canEdit: boolean
}

/** Where it is, and who says so. */
export function Whereabouts({ incident, canEdit }: FactsProps) {
  const { t } = useTranslation()
  const { place } = incident
  return (
    <dl className={styles.facts}>
      <dt>{t('details.address')}</dt>
      <dd>
        <TextFact incident={incident} field="address" canEdit={canEdit} />
      </dd>
      <dt>{t('details.place')}</dt>
      <dd>
        {place === null ? (
          <span className={styles.none}>{t('incident.noPlace')}</span>
        ) : (
          <Button type="link" className={styles.link ?? ''} onClick={() => mapView.goTo(place, CLOSE_ZOOM)}>
            {writePlace(place)}
          </Button>
        )}
      </dd>
      <dt>{t('details.caller')}</dt>
      <dd>
        <TextFact incident={incident} field="caller" canEdit={canEdit} />
      </dd>
    </dl>
  )
}

/** All the rest. */
export function Facts({ incident, canEdit }: FactsProps) {
  const { t } = useTranslation()
  const submit = useSubmit()
  const { id, category, area, openedAt, openedBy, officers, invited, ending } = incident
  const amend = (change: DetailChange) => submit({ kind: 'incident.amend', incident: id, change })
  return (
    <dl className={styles.facts}>
      <dt>{t('details.category')}</dt>
      <dd>
        {canEdit ? (
          <Select
            size="small"
            aria-label={t('details.category')}
            value={category}
            options={incidentCategories.map((value) => ({ value, label: t(`incidentCategories.${value}`) }))}
            onChange={(to) => amend({ field: 'category', saw: category, to })}
          />
        ) : (
          t(`incidentCategories.${category}`)
        )}
      </dd>
      <dt>{t('details.area')}</dt>
      <dd>
        <AreaChoice
          area={area}
          disabled={!canEdit}
          onChange={(to) => amend({ field: 'area', saw: area, to })}
        />
      </dd>
      <dt>{t('incident.openedBy')}</dt>
      <dd>
        {named(openedBy.name)} · {momentOf(openedAt)}
      </dd>
      <dt>{t('incident.officers')}</dt>
      <dd>{listed(officers.map(({ name }) => named(name))) || '–'}</dd>
      {invited.length > 0 && (
        <>
          <dt>{t('incident.invited')}</dt>
          <dd>{listed(invited.map(({ name }) => named(name)))}</dd>
        </>
      )}
      {ending?.kind === 'closed' && (
        <>
          <dt>{t('incident.outcome')}</dt>
          <dd>
            {t(`outcomes.${ending.outcome}`)} · {named(ending.by.name)}
            {ending.words !== null && <div>{ending.words}</div>}
            {ending.review !== null && (
              <div>
                {t('incident.reviewed', { by: named(ending.review.by.name) })}
                {ending.review.words}
              </div>
            )}
          </dd>
        </>
      )}
      {ending?.kind === 'merged' && <MergedInto into={ending.into} />}
    </dl>
  )
}

function MergedInto({ into }: { into: string }) {
  const { t } = useTranslation()
  return (
    <>
      <dt>{t('incident.mergedInto')}</dt>
      <dd>
        <IncidentName id={into} />
      </dd>
    </>
  )
}
