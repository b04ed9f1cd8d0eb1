import { describe, expect, it } from 'vitest'
import type { ChannelLink } from '../../../contract/seat-radio.ts'
import { radioLamp } from './lamp.ts'

const channel = (state: ChannelLink['state'], since: number) => ({ link: { state, since, why: null } })

describe('the radio’s lamp', () => {
  it('is not there where no channel is monitored', () => {
    expect(radioLamp([])).toBeUndefined()
  })

  it('is up since the last of the channels came up', () => {
    expect(radioLamp([channel('up', 10), channel('up', 30)])).toMatchObject({ state: 'up', since: 30 })
  })

  it.each(['connecting', 'down', 'no-password'] as const)(
    'is down since the first of those that are missing, also for one that is %s',
    (state) => {
      const channels = [channel('up', 5), channel(state, 20), channel('down', 40)]
      expect(radioLamp(channels)).toMatchObject({ name: 'radio', state: 'down', since: 20 })
    },
  )
})
