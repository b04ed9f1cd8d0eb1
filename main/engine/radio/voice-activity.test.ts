import { describe, expect, it } from 'vitest'
import { VoiceActivity } from './voice-activity.ts'

/** Takes these levels, 20 ms each, and says at the end of each stretch whether somebody speaks. */
function listen(...stretches: readonly (readonly [level: number, ms: number])[]) {
  const activity = new VoiceActivity()
  let now = 0
  return stretches.map(([level, ms]) => {
    for (const end = now + ms; now < end; now += 20) activity.take(level, now)
    return activity.speaks(now)
  })
}

describe('voice on a line that is always open', () => {
  it('is heard at once, and over a while after the last word', () => {
    expect(listen([-127, 200], [-25, 40], [-127, 600], [-127, 200])).toEqual([false, true, true, false])
  })

  it('goes on through the pauses between words', () => {
    expect(listen([-20, 300], [-60, 500], [-20, 300])).toEqual([true, true, true])
  })

  it('is no click, and no steady noise, but for its beginning', () => {
    expect(listen([-127, 200], [-15, 20], [-127, 20])).toEqual([false, false, false])
    expect(listen([-45, 12_000])).toEqual([false])
    expect(listen([-45, 12_000], [-20, 60])).toEqual([false, true])
  })

  it('is over when nothing at all comes any more', () => {
    const activity = new VoiceActivity()
    activity.take(-20, 0)
    activity.take(-20, 20)
    const { deadline } = activity
    expect(deadline).toBe(720)
    expect([activity.speaks(719), activity.speaks(720)]).toEqual([true, false])
  })
})
