/** The radio, loaded when somebody sits down who may hear a channel. */
import type { Id } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { noRadio, type Radio, type RadioPort } from '../../../contract/seat-radio.ts'
import { emptyState, type SharedState } from '../../../contract/state.ts'
import { Watched } from '../../../contract/watched.ts'
import type { SoundWhenNeeded } from '../media/sound-when-needed.ts'
import type { SeatRadio, SeatRadioOptions } from './seat-radio.ts'

interface RadioWhenNeededOptions extends Omit<SeatRadioOptions, 'sound'> {
  readonly sound: Pick<SoundWhenNeeded, 'open'>
}

export interface RadioWhenNeeded extends Omit<SeatRadio, 'sit'> {
  /** Resolves once it is told. */
  sit(account: Id | null, shared: SharedState): Promise<void>
}

/** As long as there is none it has no channels, and refuses what needs one. */
export function radioWhenNeeded(options: RadioWhenNeededOptions): RadioWhenNeeded {
  const state = new Watched<Radio>(noRadio)
  let loading: Promise<SeatRadio> | undefined
  let there: SeatRadio | undefined
  let seat: { readonly account: Id | null; readonly shared: SharedState } = {
    account: null,
    shared: emptyState,
  }

  const load = async (): Promise<SeatRadio> => {
    const [{ openSeatRadio }, sound] = await Promise.all([import('./seat-radio.ts'), options.sound.open()])
    const radio = openSeatRadio({ ...options, sound })
    radio.state.onChange((next) => state.set(next))
    there = radio
    return radio
  }
  const loaded = (): Promise<SeatRadio> => loading ?? Promise.reject(new Refusal('no-channel'))
  const through =
    <Args extends unknown[], Result>(act: (port: RadioPort, ...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> =>
      act((await loaded()).port, ...args)

  return {
    state,
    press: (what) => {
      if (there === undefined) throw new Refusal('no-channel')
      return there.press(what)
    },
    lend: (channel, onGone) => {
      if (there === undefined) throw new Refusal('no-channel')
      return there.lend(channel, onGone)
    },
    sit: async (account, shared) => {
      seat = { account, shared }
      const first = loading === undefined
      // The hub shows nobody channels that are not for him to hear.
      if (account !== null && Object.keys(shared.directory.channels).length > 0) loading ??= load()
      await loading?.then(
        // Whoever sits here by then: it may have taken a while.
        (radio) => radio.sit(seat.account, seat.shared),
        (error) => {
          if (first) options.onTrouble('loading the radio', error)
        },
      )
    },
    port: {
      watch: (signal) => state.watch(signal),
      talk: async function* (what, signal) {
        yield* (await loaded()).port.talk(what, signal)
      },
      watchLevels: async function* (signal) {
        yield* (await loaded()).port.watchLevels(signal)
      },
      sendTone: through((port, channel, tone) => port.sendTone(channel, tone)),
      patch: through((port, ends) => port.patch(ends)),
      unpatch: through((port, patch) => port.unpatch(patch)),
      act: through((port, channel, act, radio, reason) => port.act(channel, act, radio, reason)),
      setChannelPassword: through((port, channel, password) => port.setChannelPassword(channel, password)),
    },
    close: async () => {
      await (await loading?.catch(() => undefined))?.close()
    },
  }
}
