/** The channels as this officer has them: the site's, the engine's word on each, and the own settings. */
import { useMemo } from 'react'
import type { Channel } from '../../../contract/radio.ts'
import type { OfficersRadio } from '../../../contract/radio-settings.ts'
import type { SeatChannel } from '../../../contract/seat-radio.ts'
import { useApp } from '../../app/store.ts'
import { useChangeSettings } from '../settings/display-settings.tsx'
import { accountOf, officersRadio } from './selectors.ts'

export interface OwnChannel {
  readonly channel: Channel
  /** Undefined: the engine has not told of it. */
  readonly seat: SeatChannel | undefined
  readonly monitored: boolean
  readonly selected: boolean
  readonly muted: boolean
  /** 0 to 1. */
  readonly volume: number
}

/** In the site's order. */
export function useChannels(): readonly OwnChannel[] {
  const channels = useApp(({ shared }) => shared.state.directory.channels)
  const told = useApp(({ radio }) => radio.radio.channels)
  const own = useApp(officersRadio)
  return useMemo(
    () =>
      Object.values(channels).map((channel) => ({
        channel,
        seat: told.find(({ id }) => id === channel.id),
        monitored: !own.unmonitored.includes(channel.id),
        selected: own.selected.includes(channel.id),
        muted: own.muted.includes(channel.id),
        volume: own.volumes[channel.id] ?? 1,
      })),
    [channels, told, own],
  )
}

/** Changes what this officer has set; what `change` leaves out stays. */
export function useOwnRadio(): readonly [OfficersRadio, (change: Partial<OfficersRadio>) => void] {
  const account = useApp(accountOf)
  const own = useApp(officersRadio)
  const changeSettings = useChangeSettings()
  return [
    own,
    (change) => {
      if (account !== null) changeSettings({ radio: { [account]: { ...own, ...change } } })
    },
  ]
}
