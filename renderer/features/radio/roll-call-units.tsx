/** Begins a roll-call of the selected units on a channel that the officer chooses. */
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { named } from '../../app/i18n/index.ts'
import { askForPanel } from '../../app/layout/asked-panels.ts'
import { useApp, useSend } from '../../app/store.ts'
import { MOST_CALLED, rollCallOf } from './roll-call.ts'
import { rollCallBegun } from './slice.ts'
import { useChannels } from './use-channels.ts'

export function RollCallUnits({ selected }: { selected: readonly Id[] }) {
  const { t } = useTranslation()
  const send = useSend()
  const units = useApp(({ shared }) => shared.state.directory.units)
  const going = useApp(({ radio }) => radio.rollCall !== null)
  const channels = useChannels().filter(({ seat }) => seat !== undefined)
  if (channels.length === 0) return null
  const called = selected.flatMap((id) => units[id] ?? [])
  const begin = (channel: Id) => {
    send(rollCallBegun(rollCallOf(called, { id: crypto.randomUUID(), channel, startedAt: Date.now() })))
    askForPanel('channels')
  }
  return (
    <Dropdown
      trigger={['click']}
      disabled={going || called.length === 0 || called.length > MOST_CALLED}
      menu={{
        items: channels.map(({ channel }) => ({ key: channel.id, label: named(channel.name) })),
        onClick: ({ key }) => begin(key),
      }}
    >
      <Button title={going ? t('radio.rollCallGoing') : undefined}>{t('radio.rollCallOn')}</Button>
    </Dropdown>
  )
}
