/** What of the radio is read off the store, where there may be no page yet. */
import type { Id } from '../../../contract/primitives.ts'
import { type FunctionKey, type OfficersRadio, radioOf } from '../../../contract/radio-settings.ts'
import type { RootState } from '../../app/store.ts'
import { keysOf } from './function-keys.ts'

/** Who sits here. */
export const accountOf = ({ session: { session } }: RootState): Id | null =>
  session?.kind === 'signed-in' ? session.account.id : null

export const officersRadio = (state: RootState): OfficersRadio =>
  radioOf(state.settings.seat.radio, accountOf(state))

/** Which function key talks on which channel. */
export const functionKeysOf = ({ shared, settings }: RootState): ReadonlyMap<FunctionKey, Id> =>
  keysOf(Object.keys(shared.state.directory.channels), settings.seat.pushToTalk.functionKeys)

/** Selected, and there to be talked on: in the site's order. */
export const selectedChannels = (state: RootState): readonly Id[] => {
  const { selected, unmonitored } = officersRadio(state)
  return Object.keys(state.shared.state.directory.channels).filter(
    (id) => selected.includes(id) && !unmonitored.includes(id),
  )
}

/** The officer talks, on the radio or on the telephone. */
export const isSpeaking = ({ radio, telephony }: RootState): boolean =>
  radio.radio.channels.some(({ transmission }) => transmission.state === 'talking') ||
  telephony.calls.some(({ state }) => state === 'talking')
