/** Brings one of the officer's calls, or a channel that they are on, into the room. */
import { App, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RoomScene } from '../../../contract/rooms.ts'
import type { OwnCarriage } from '../../../contract/seat-video.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'
import { usePatchable } from '../radio/use-may-patch.ts'

export function Carry({ scene: { id: room, carried } }: { scene: RoomScene }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  const calls = useApp(({ telephony }) => telephony.calls)
  const units = useApp(({ shared }) => shared.state.directory.units)
  const channels = usePatchable()
  const isThere = (ref: string) => carried.some((each) => each.ref === ref)
  const nameOf = ({ unit, number }: { unit: string | null; number: string }) => {
    const known = unit === null ? undefined : units[unit]
    return known === undefined ? number : named(known.name)
  }
  const choices: readonly { readonly what: OwnCarriage; readonly ref: string; readonly label: string }[] = [
    ...calls
      .filter(({ state }) => state === 'talking')
      .map((call) => ({
        what: { kind: 'call' as const, call: call.id },
        ref: call.id,
        label: t('rooms.carriedKinds.call', { name: nameOf(call) }),
      })),
    ...channels.map(({ id, name }) => ({
      what: { kind: 'channel' as const, channel: id },
      ref: id,
      label: t('rooms.carriedKinds.channel', { name: named(name) }),
    })),
  ].filter(({ ref }) => !isThere(ref))
  if (choices.length === 0) return null
  const carry = (ref: string) => {
    const choice = choices.find((each) => each.ref === ref)
    if (choice === undefined) return
    engine.video.rooms.carry
      .mutate({ room, what: choice.what })
      .catch((error) => message.error(explain(error)))
  }
  return (
    <Dropdown
      trigger={['click']}
      placement="top"
      menu={{
        items: choices.map(({ ref, label }) => ({ key: ref, label })),
        onClick: ({ key }) => carry(key),
      }}
    >
      <Button>{t('rooms.carry')}</Button>
    </Dropdown>
  )
}
