/** A conference of thirty telephones over UDP. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Bridge } from '../../main/engine/media/bridge.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openMediaSession } from '../../main/engine/media/session.ts'
import { endings } from '../support/at-end.ts'
import { openEar } from '../support/ear.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const PARTIES = 30
const { atEnd, run } = endings()
afterEach(run)

/** A telephone in the bridge that says one frequency for ever, and keeps the newest half second that it hears. */
async function telephone(bridge: Bridge, frequency: number) {
  const [ours, theirs] = [
    await openMediaSession({ host: '127.0.0.1' }),
    await openMediaSession({ host: '127.0.0.1' }),
  ]
  atEnd(() => ours.close())
  atEnd(() => theirs.close())
  await ours.accept(await theirs.answer(await ours.offer('sendrecv'), 'sendrecv'))
  const player = new PlayerLeg({ samples: sine(frequency, 8_000, 0, 0.02), loop: true })
  atEnd(() => player.close())
  player.onVoice((packet) => theirs.leg.send(packet))
  let heard: Int16Array[] = []
  const ear = openEar()
  theirs.leg.onVoice((packet) => {
    heard = [...heard.slice(-24), ear(packet)]
  })
  const member = bridge.add(ours.leg)
  return { frequency, member, newest: () => Int16Array.from(heard.flatMap((frame) => [...frame])) }
}

describe('a conference of thirty', () => {
  it('lets each hear all the others and not itself, and goes on when half of them leave', async () => {
    const bridge = new Bridge()
    atEnd(() => bridge.close())
    const phones = await Promise.all(
      Array.from({ length: PARTIES }, (_, at) => telephone(bridge, 300 + at * 100)),
    )
    const eachHearsTheOthers = (present: typeof phones) =>
      vi.waitFor(
        () => {
          for (const { frequency, newest } of present) {
            const sound = newest()
            expect(sound).toHaveLength(4_000)
            expect(loudness(sound)).toBeGreaterThan(0.02)
            for (const other of phones) {
              const share = shareOf(other.frequency, sound)
              if (other.frequency !== frequency && present.includes(other))
                expect(share).toBeGreaterThan(0.5 / present.length)
              else expect(share).toBeLessThan(0.1 / present.length)
            }
          }
        },
        { timeout: 30_000, interval: 200 },
      )
    await eachHearsTheOthers(phones)
    for (const { member } of phones.slice(0, PARTIES / 2)) member.remove()
    await eachHearsTheOthers(phones.slice(PARTIES / 2))
  })
})
