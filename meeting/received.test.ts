import type { Consumer } from 'mediasoup-client/types'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Track } from '../contract/peers.ts'
import { openReceived, type Received, type ReceivedOptions } from './received.ts'

const camera: Track = { producer: 'camera', kind: 'video', track: 'camera', paused: false }
const microphone: Track = { producer: 'microphone', kind: 'audio', track: 'microphone', paused: false }

describe('what a page receives', () => {
  let asked: string[]
  let shown: string[]
  let heard: string[]
  let seen: Map<string, number>
  let listened: boolean
  let received: Received

  beforeEach(() => {
    asked = []
    shown = []
    heard = []
    seen = new Map()
    listened = true
    const ask = (what: (input: Record<string, unknown>) => string) => ({
      mutate: async (input: Record<string, unknown>) => {
        asked.push(what(input))
      },
    })
    received = openReceived({
      // Fakes of mediasoup-client and of the engine line: as much of them as is used here.
      peer: {
        id: 'peer',
        receive: async (producer: string) =>
          ({
            id: `of-${producer}`,
            kind: producer === 'microphone' ? 'audio' : 'video',
            track: producer,
            close: () => asked.push(`${producer} closed`),
          }) as unknown as Consumer,
      } as ReceivedOptions['peer'],
      peers: {
        pauseConsumer: ask(({ consumer, paused }) => `${consumer} ${paused ? 'paused' : 'goes on'}`),
        preferLayers: ask(({ consumer, spatial }) => `${consumer} in layer ${spatial}`),
      } as unknown as ReceivedOptions['peers'],
      ears: {
        hear: (track) => {
          heard.push(`${track}`)
          return () => heard.push(`no ${track}`)
        },
      },
      seen,
      isHeard: () => listened,
      onPicture: (producer, track) => shown.push(track === null ? `no ${producer}` : producer),
      onScore: (producer, score) => shown.push(`${producer} at ${score}`),
    })
  })

  const see = (producer: string, width: number | null) => {
    if (width === null) seen.delete(producer)
    else seen.set(producer, width)
    received.look(producer)
  }

  it('comes only while its tile is on the screen, and as large as it is drawn', async () => {
    received.follow([camera])
    await expect.poll(() => shown).toEqual(['camera'])
    expect(asked).toEqual([])
    see('camera', 200)
    see('camera', 1_200)
    see('camera', 1_300)
    see('camera', null)
    expect(asked).toEqual([
      'of-camera in layer 0',
      'of-camera goes on',
      'of-camera in layer 1',
      'of-camera paused',
    ])
  })

  it('is heard at once', async () => {
    received.follow([microphone])
    await expect.poll(() => asked).toEqual(['of-microphone goes on'])
    expect(heard).toEqual(['microphone'])
  })

  it('is sound only while it is listened to', async () => {
    listened = false
    received.follow([microphone])
    await expect.poll(() => asked).toEqual([])
    listened = true
    received.look('microphone')
    listened = false
    received.look('microphone')
    expect(asked).toEqual(['of-microphone goes on', 'of-microphone paused'])
    expect(heard).toEqual(['microphone', 'no microphone'])
  })

  it('is let go of when it is not listed any more, or the SFU closes it', async () => {
    received.follow([camera, microphone])
    await expect.poll(() => shown.length + heard.length).toBe(2)
    received.follow([camera])
    expect(heard).toEqual(['microphone', 'no microphone'])
    received.take({ kind: 'consumer-closed', consumer: 'of-camera' })
    expect(shown).toEqual(['camera', 'no camera'])
  })

  it('that went before it came is closed', async () => {
    received.follow([camera])
    received.follow([])
    await expect.poll(() => asked).toEqual(['camera closed'])
    expect(shown).toEqual([])
  })

  it('is as good as the worse of both ways', async () => {
    received.follow([camera])
    await expect.poll(() => shown).toEqual(['camera'])
    received.take({ kind: 'consumer-score', consumer: 'of-camera', sender: 9, receiver: 4 })
    expect(shown).toEqual(['camera', 'camera at 4'])
  })
})
