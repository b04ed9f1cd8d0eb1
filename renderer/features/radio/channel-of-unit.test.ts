import { describe, expect, it } from 'vitest'
import type { Unit } from '../../../contract/directory.ts'
import { channelSchema } from '../../../contract/radio.ts'
import { seatChannel } from '../../../tests/support/seat-channel.ts'
import { channelOf } from './channel-of-unit.ts'

const name = { zh: '名', en: 'name' }
const areas = {
  city: { id: 'city', name, level: 'city' as const, parent: null },
  north: { id: 'north', name, level: 'district' as const, parent: 'city' },
  south: { id: 'south', name, level: 'district' as const, parent: 'city' },
}
const unit: Unit = {
  id: 'patrol',
  index: 0,
  name,
  kind: 'patrol',
  agency: 'police',
  area: 'north',
  state: 'available',
  terminals: [{ kind: 'radio', number: '3107' }],
}
const where = {
  'police-city': { agency: 'police', area: 'city' },
  'police-north': { agency: 'police', area: 'north' },
  fire: { agency: 'fire' },
  south: { area: 'south' },
  common: {},
}
const access = { kind: 'rtp', address: '239.1.1.1', port: 5004 }
const channels = Object.fromEntries(
  Object.entries(where).map(([id, place]) => [id, channelSchema.parse({ id, name, access, ...place })]),
)
const told = (...ids: readonly string[]) => ids.map((id) => seatChannel({ id }))
const talker = { unit: 'patrol', radio: '3107', account: null }
const wayTo = (seats = told(...Object.keys(where))) => channelOf(unit, { channels, areas }, seats)

describe('a unit is reached', () => {
  it('where it was heard last, before all others', () => {
    const heard = [
      seatChannel({ id: 'common', lastHeard: { talker, at: 500, ms: 10 } }),
      seatChannel({ id: 'fire', lastHeard: { talker, at: 900, ms: 10 } }),
      ...told('police-north'),
    ]
    expect(wayTo(heard)).toEqual({ channel: 'fire', because: 'heard' })
  })

  it('where it is heard just now', () => {
    const reception = { squelch: 'open', since: 1, talker, emergency: false, signal: null } as const
    const heard = [
      seatChannel({ id: 'fire', lastHeard: { talker, at: 900, ms: 10 } }),
      seatChannel({ id: 'common', reception }),
    ]
    expect(wayTo(heard)).toEqual({ channel: 'common', because: 'heard' })
  })

  it('on its agency’s channel, the nearest to it first', () => {
    expect(wayTo()).toEqual({ channel: 'police-north', because: 'own' })
    expect(wayTo(told('police-city', 'common'))).toEqual({ channel: 'police-city', because: 'own' })
  })

  it('on the channel of all, where it has none of its own', () => {
    expect(wayTo(told('fire', 'south', 'common'))).toEqual({ channel: 'common', because: 'common' })
  })

  it('on none that is another’s', () => {
    expect(wayTo(told('fire', 'south'))).toBeUndefined()
  })
})
