/** Takes an incident out, with a reason that is journalled: as data, or as a page to be printed or kept as PDF. */
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { IncidentReport } from '../../../contract/incident-history.ts'
import { type Id, lineSchema } from '../../../contract/primitives.ts'
import { engine } from '../../app/engine.ts'
import { FormPopover } from '../../ui/form-popover.tsx'
import { offerFile } from '../../ui/offer-file.ts'
import { useExplain } from '../../ui/refusal.ts'
import styles from './incidents.module.css'
import { ReportPage } from './report-page.tsx'

export function TakeOut({ incident }: { incident: Id }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const [reason, setReason] = useState('')
  const [report, setReport] = useState<IncidentReport>()
  const [failed, setFailed] = useState<string>()
  const checked = lineSchema.safeParse(reason)
  const ask = async (event: FormEvent) => {
    event.preventDefault()
    if (!checked.success) return
    try {
      setReport(await engine.incidents.export.mutate({ incident, reason: checked.data }))
      setFailed(undefined)
    } catch (error) {
      setFailed(explain(error))
    }
  }
  const form =
    report === undefined ? (
      <form className={styles.words} onSubmit={ask}>
        <Input
          maxLength={120}
          aria-label={t('incident.exportReason')}
          placeholder={t('incident.exportReason')}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        {failed !== undefined && <p role="alert">{failed}</p>}
        <Button type="primary" htmlType="submit" disabled={!checked.success}>
          {t('incident.export')} <kbd>Enter</kbd>
        </Button>
      </form>
    ) : (
      <div className={styles.words}>
        <p>{t('incident.exported', { n: report.entries.length })}</p>
        <Button onClick={() => save(report)}>{t('incident.saveData')}</Button>
        <Button onClick={() => window.print()}>{t('incident.print')}</Button>
        {createPortal(<ReportPage report={report} />, document.body)}
      </div>
    )
  return (
    <FormPopover
      form={form}
      onOpenChange={(open) => {
        if (!open) setReport(undefined)
      }}
    >
      <Button>{t('incident.export')}…</Button>
    </FormPopover>
  )
}

function save(report: IncidentReport): void {
  const content = new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' })
  offerFile(content, `incident-${report.incident.number}.json`)
}
