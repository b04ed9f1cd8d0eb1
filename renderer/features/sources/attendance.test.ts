import type { Device } from 'mediasoup-client/types'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SourcesTelling } from '../../../contract/sources.ts'
import { type Attendance, type AttendanceOptions, type Coming, openAttendance } from './attendance.ts'

const gate = {
  source: 'gate',
  tracks: [
    { producer: 'picture', kind: 'video', track: 'camera', paused: false },
    { producer: 'sound', kind: 'audio', track: 'microphone', paused: false },
  ],
} as const

describe('a page at the sources', () => {
  let asked: string[]
  let ears: string[]
  let tell: (telling: SourcesTelling) => void
  let attendance: Attendance

  beforeEach(() => {
    asked = []
    ears = []
    // What a page has and Node has not: as much of it as is used here.
    vi.stubGlobal('MediaStream', class {})
    const ask = (what: (input: Record<string, unknown>) => string, answer: object = {}) => ({
      mutate: async (input: Record<string, unknown>) => {
        asked.push(what(input))
        return typeof answer === 'function' ? answer(input) : answer
      },
    })
    const transport = {
      id: 'transport',
      on: () => undefined,
      close: () => asked.push('away'),
      consume: async ({ producer }: { producer: string }) => ({
        id: producer,
        kind: producer === 'sound' ? 'audio' : 'video',
        track: producer,
        close: () => undefined,
      }),
    }
    attendance = openAttendance({
      page: 'console',
      video: {
        sources: {
          attend: {
            subscribe: (_: undefined, { onData }: { onData(telling: SourcesTelling): void }) => {
              tell = onData
              asked.push('attend')
              return { unsubscribe: () => asked.push('left') }
            },
          },
          watch: ask(({ source }) => `watch ${source}`),
          unwatch: ask(({ source }) => `unwatch ${source}`),
        },
        peers: {
          openTransport: ask(() => 'transport'),
          consume: ask(
            ({ producer }) => `consume ${producer}`,
            ({ producer }: { producer: string }) => ({ producer }),
          ),
          pauseConsumer: ask(({ consumer, paused }) => `${consumer} ${paused ? 'paused' : 'goes on'}`),
          preferLayers: ask(({ consumer, spatial }) => `${consumer} in layer ${spatial}`),
        },
      } as unknown as AttendanceOptions['video'],
      openEars: () => ({
        level: () => 0,
        hear: (track) => {
          ears.push(`${track}`)
          return () => ears.push(`no ${track}`)
        },
        close: () => ears.push('closed'),
      }),
      openDevice: async () =>
        ({ load: async () => undefined, createRecvTransport: () => transport }) as unknown as Device,
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  const welcome = () => tell({ kind: 'attending', peer: 'peer', rtpCapabilities: {} } as SourcesTelling)
  const watch = () => {
    const told: Coming[] = []
    return { told, ...attendance.watch('gate', (coming) => told.push(coming)) }
  }
  /** One who watches the gate, and what is asked from then on. */
  const begun = async () => {
    const viewer = watch()
    welcome()
    tell({ kind: 'watched', sources: [gate] })
    await expect.poll(() => viewer.told.at(-1)?.picture).not.toBeNull()
    await expect.poll(() => asked).toContain('consume sound')
    asked.length = 0
    return viewer
  }

  it('fetches a picture while it is drawn somewhere, as large as it is drawn largest', async () => {
    const card = await begun()
    card.see(300)
    const tile = watch()
    tile.see(1_200)
    tile.see(null)
    card.see(null)
    expect(asked).toEqual([
      'picture in layer 0',
      'picture goes on',
      'picture in layer 1',
      'picture in layer 0',
      'picture paused',
    ])
  })

  it('hears a source only while somebody listens to it', async () => {
    const viewer = await begun()
    expect(viewer.told.at(-1)?.hasSound).toBe(true)
    expect(ears).toEqual([])
    viewer.listen(true)
    viewer.listen(false)
    expect(asked).toEqual(['sound goes on', 'sound paused'])
    expect(ears).toEqual(['sound', 'no sound'])
  })

  it('shows whoever comes later at once what comes already', async () => {
    const first = await begun()
    expect(watch().told).toEqual([first.told.at(-1)])
    expect(asked).toEqual([])
  })

  it('is there as long as somebody watches, and asks again for all of it where it broke', async () => {
    const [first, second] = [await begun(), watch()]
    first.end()
    first.end()
    expect(asked).toEqual([])
    tell({ kind: 'over', how: 'moved' })
    welcome()
    expect(second.told.at(-1)).toEqual({ picture: null, hasSound: false })
    expect(asked).toEqual(['left', 'attend', 'watch gate'])
    second.end()
    expect(asked.at(-1)).toBe('left')
  })
})
