import { describe, expect, it } from 'vitest'
import type { Track } from '../../../contract/peers.ts'
import type { RoomScene } from '../../../contract/rooms.ts'
import { arrange, columnsFor, qualityOf } from './arrangement.ts'

const track = (of: Track['track'], producer: string = of, paused = false): Track => ({
  producer,
  kind: of === 'microphone' || of === 'screen-sound' ? 'audio' : 'video',
  track: of,
  paused,
})

const member = (account: string, change: Partial<RoomScene['members'][number]> = {}) => ({
  account,
  name: { zh: account, en: account },
  state: 'in' as const,
  muted: { sound: false, picture: false },
  tracks: [track('camera')],
  handAt: null,
  ...change,
})

const scene = (change: Partial<RoomScene> = {}): RoomScene => ({
  id: 'room',
  name: '会商',
  scope: { kind: 'centre' },
  chair: 'chair',
  quiet: false,
  spotlight: null,
  layout: 'grid',
  members: [member('chair'), member('officer'), member('guest', { state: 'left' })],
  sources: [],
  carried: [],
  speaker: null,
  ...change,
})

const large = (change: Partial<RoomScene>, own = 'chair') =>
  arrange(scene(change), own).large.map(({ key }) => key)

describe('the tiles of a room', () => {
  it('are equal in a grid: everybody who is in, what they show, and the sources', () => {
    const members = [member('chair'), member('officer', { tracks: [track('camera'), track('screen')] })]
    const sources = [{ source: 'gate', name: { zh: '大门', en: 'Gate' }, tracks: [] }]
    expect(large({ members, sources })).toEqual([
      'person/chair',
      'person/officer',
      'screen/officer',
      'source/gate',
    ])
    expect(large({})).toEqual(['person/chair', 'person/officer'])
  })

  it('show large who speaks, but nobody themselves', () => {
    expect(large({ layout: 'speaker', speaker: 'officer' }, 'guest')).toEqual(['person/officer'])
    expect(large({ layout: 'speaker', speaker: 'chair' }, 'officer')).toEqual(['person/chair'])
    expect(large({ layout: 'speaker', speaker: 'chair' }, 'chair')).toEqual(['person/officer'])
  })

  it('show another’s screen before who speaks, and what is in the spotlight before a screen', () => {
    const members = [member('chair', { tracks: [track('screen')] }), member('officer'), member('guest')]
    expect(large({ layout: 'speaker', members, speaker: 'officer' }, 'officer')).toEqual(['screen/chair'])
    expect(large({ layout: 'speaker', members, speaker: 'officer' }, 'chair')).toEqual(['person/officer'])
    const spotlight = { kind: 'member', account: 'guest' } as const
    expect(large({ layout: 'spotlight', members, spotlight })).toEqual(['person/guest'])
    expect(large({ layout: 'spotlight', members }, 'officer')).toEqual(['screen/chair'])
  })

  it('are without a picture where it is paused, or the chair has stopped it', () => {
    const members = [
      member('chair', { tracks: [track('camera', 'camera', true)] }),
      member('officer', { muted: { sound: false, picture: true } }),
    ]
    expect(arrange(scene({ members }), 'chair').large.map(({ picture }) => picture)).toEqual([
      undefined,
      undefined,
    ])
  })

  it('are in as many columns as make them largest', () => {
    expect(columnsFor(1, 1600, 900)).toBe(1)
    expect(columnsFor(4, 1600, 900)).toBe(2)
    expect(columnsFor(3, 2400, 450)).toBe(3)
    expect(columnsFor(3, 400, 900)).toBe(1)
  })
})

describe('a person’s line', () => {
  it('is as good as the worst of what comes of theirs; what is paused says nothing', () => {
    const tracks = [track('camera', 'c'), track('microphone', 'm'), track('screen', 's', true)]
    expect(qualityOf(tracks, {})).toBeUndefined()
    expect(qualityOf(tracks, { c: 9, m: 10, s: 0 })).toBe('good')
    expect(qualityOf(tracks, { c: 6, m: 10 })).toBe('fair')
    expect(qualityOf(tracks, { c: 2, m: 10 })).toBe('poor')
  })
})
