/** The radio of a seat over real sockets, with an officer who says one frequency into the microphone for ever. */
import type { ChannelAccess } from '../../contract/radio.ts'
import { freshRadio } from '../../contract/radio-settings.ts'
import type { SeatChannel } from '../../contract/seat-radio.ts'
import { defaultSettings } from '../../contract/settings.ts'
import { Watched } from '../../contract/watched.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { sequenceDistance } from '../../main/engine/media/rtp.ts'
import { openHubFloor } from '../../main/engine/radio/hub-floor.ts'
import type { Key } from '../../main/engine/radio/own-transmission.ts'
import type { PatchableCalls } from '../../main/engine/radio/patch-bay.ts'
import { openSeatRadio } from '../../main/engine/radio/seat-radio.ts'
import type { AtEnd } from './at-end.ts'
import { openEar } from './ear.ts'
import { temporaryFolder } from './folder.ts'
import { stateWith, testChannel } from './radio-seat.ts'
import { sine } from './tone.ts'
import { until } from './until.ts'

const CHANNEL = 'tactical'

export interface AirSeat {
  /** The last half second of what the officer heard. */
  heard(): Int16Array
  /** Packets of voice that never came, by the numbers of those that did. */
  lost(): number
  channel(): SeatChannel
  /** Everything the channel was since the seat was opened. */
  readonly history: readonly SeatChannel[]
  press(): Key
  /** Joins the channel to a call. */
  patchTo(call: string): Promise<string>
}

const noCalls: PatchableCalls = {
  joinIn: async () => () => undefined,
  conferences: () => [],
  onConferences: () => () => undefined,
}

/** Resolves when the channel is up. `hz`: what the officer says. */
export async function openAirSeat(
  atEnd: AtEnd,
  access: ChannelAccess,
  {
    account,
    hz,
    calls = noCalls,
  }: {
    readonly account: 'north-officer' | 'south-officer'
    readonly hz: number
    readonly calls?: PatchableCalls
  },
): Promise<AirSeat> {
  const microphone = new PlayerLeg({ samples: sine(hz, 8_000), loop: true })
  atEnd(() => microphone.close())
  const ear = openEar()
  let heard = new Int16Array(4_000)
  const sequences: number[] = []
  const radio = openSeatRadio({
    clock: Date.now,
    folder: temporaryFolder(atEnd),
    settings: new Watched({
      ...defaultSettings,
      radio: { [account]: { ...freshRadio, selected: [CHANNEL] } },
    }),
    // Nobody keeps the floor but the channel.
    floor: openHubFloor(() => undefined),
    shell: { wish: async () => null as never },
    sound: {
      openLeg: () => {
        const leg = {
          open: false,
          send: (packet: Parameters<typeof ear>[0]) => {
            const sound = ear(packet)
            sequences.push(packet.sequence)
            heard = Int16Array.from([...heard.subarray(sound.length), ...sound])
          },
          onVoice: (listener: Parameters<typeof microphone.onVoice>[0]) =>
            microphone.onVoice((packet) => {
              if (leg.open) listener(packet)
            }),
          close: () => undefined,
        }
        return leg
      },
    },
    calls,
    submit: async () => undefined,
    onOver: () => undefined,
    onAlarm: () => undefined,
    onTrouble: (what, error) => {
      throw new Error(`${what}: ${error}`)
    },
  })
  atEnd(() => radio.close())
  const history: SeatChannel[] = []
  radio.state.onChange(({ channels }) => history.push(...channels))
  radio.sit(account, stateWith([testChannel(CHANNEL, { access })]))
  const channel = () => {
    const [found] = radio.state.value.channels
    if (found?.link.state !== 'up') throw new Error(`the channel is ${found?.link.state}: ${found?.link.why}`)
    return found
  }
  await until(channel)
  const lost = () =>
    sequences.reduce((sum, sequence, at) => {
      const step = sequenceDistance(sequences[at - 1] ?? sequence - 1, sequence)
      return sum + Math.max(0, step - 1)
    }, 0)
  return {
    heard: () => heard,
    lost,
    channel,
    history,
    press: () => radio.press({ channels: null, emergency: false }),
    patchTo: (call) =>
      radio.port.patch([
        { kind: 'channel', channel: CHANNEL },
        { kind: 'call', call },
      ]),
  }
}
