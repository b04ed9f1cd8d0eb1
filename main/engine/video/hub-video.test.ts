import { beforeEach, describe, expect, it } from 'vitest'
import type { RoomTelling } from '../../../contract/rooms.ts'
import { type HubVideo, openHubVideo } from './hub-video.ts'

/** The hub's end of a stream. */
interface Stream {
  onData(told: unknown): void
  onError(error: unknown): void
  onComplete(): void
}

describe('an attendance that goes through the engine', () => {
  let video: HubVideo
  let stream: Stream | undefined
  let left: boolean
  let leaveHub: () => void

  beforeEach(() => {
    left = false
    // A fake of the line to the hub: streams that the test speaks on.
    const watched = { subscribe: () => ({ unsubscribe: () => undefined }) }
    const attend = {
      subscribe: (_asked: unknown, ears: Stream) => {
        stream = ears
        return {
          unsubscribe: () => {
            left = true
          },
        }
      },
    }
    video = openHubVideo({ hubHost: () => 'hub.invalid', onTrouble: () => undefined })
    leaveHub = video.attend({
      rooms: { watch: watched, attend },
      sources: { watchStatus: watched },
    } as unknown as Parameters<HubVideo['attend']>[0])
  })

  const attendance = (signal = new AbortController().signal) => {
    const tellings: RoomTelling[] = []
    const over = (async () => {
      for await (const telling of video.port.rooms.attend({ room: 'room' }, signal)) tellings.push(telling)
    })()
    return { tellings, over }
  }

  it('tells why it is over, however soon the stream ends after that', async () => {
    const { tellings, over } = attendance()
    stream?.onData({ kind: 'over', how: 'ended' })
    stream?.onComplete()
    await over
    expect(tellings).toEqual([{ kind: 'over', how: 'ended' }])
    expect(left).toBe(true)
  })

  it('fails as the hub’s does', async () => {
    const { over } = attendance()
    stream?.onError(new Error('refused'))
    await expect(over).rejects.toThrow('refused')
  })

  it('ends with the page that asked for it, and with the hub', async () => {
    const page = new AbortController()
    const first = attendance(page.signal)
    page.abort()
    await first.over
    expect(left).toBe(true)
    const second = attendance()
    leaveHub()
    await second.over
    await expect(attendance().over).rejects.toMatchObject({ code: 'hub-unreachable' })
  })
})
