/** Puts what is seen to the selected incident, as a message that all who see it read. */
import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApp } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { useExplain } from '../../ui/refusal.ts'
import { sendFile } from '../attachments/content.ts'
import { TileAct } from './tile-act.tsx'

interface ToIncidentProps {
  readonly name: string
  readonly disabled: boolean
  /** Undefined: there is nothing to be seen. */
  take(): Promise<File | undefined>
}

/** Not there while no incident is selected. */
export function ToIncident({ name, disabled, take }: ToIncidentProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  const submit = useSubmit()
  const [busy, setBusy] = useState(false)
  const incident = useApp(({ incidents, shared }) =>
    incidents.selected === null ? undefined : shared.state.incidents.live[incidents.selected],
  )
  if (incident === undefined) return null
  const title = `#${incident.number} ${incident.title}`
  const put = async () => {
    setBusy(true)
    try {
      const file = await take()
      if (file === undefined) return
      const sent = await sendFile(file, file.name)
      if (typeof sent === 'string') {
        message.error(t(`attachments.unsendable.${sent}`))
        return
      }
      const outcome = await submit({
        kind: 'message.send',
        id: crypto.randomUUID(),
        thread: { kind: 'incident', incident: incident.id },
        text: t('wall.snapshotOf', { name }),
        place: null,
        attachments: [sent],
      })
      if (outcome === 'done') message.success(t('wall.putToIncident', { title }))
    } catch (error) {
      message.error(explain(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <TileAct
      label={t('wall.toIncident', { name, title })}
      sign="⇥"
      disabled={disabled || busy}
      onClick={() => void put()}
    />
  )
}
