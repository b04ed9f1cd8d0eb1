/** What an officer hears at a console: every stream of voices that its page plays, on its way to the ear. */
import type { Page } from 'playwright-core'

/** A way to an ear, in the page: `context` leads to one device. */
interface Way {
  readonly context: AudioContext
  readonly look: AnalyserNode
}
type Tapped = { readonly ways?: readonly Way[] }

/** From now on; what plays already is not listened to. */
export const tapEars = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const ways: Way[] = []
    Object.assign(window, { ways })
    const make = AudioContext.prototype.createMediaStreamSource
    AudioContext.prototype.createMediaStreamSource = function (stream) {
      const source = make.call(this, stream)
      const look = new AnalyserNode(this)
      source.connect(look)
      ways.push({ context: this, look })
      return source
    }
  })

/** Which devices something is heard from now, each by a number of its own. */
export const devicesHeard = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const ways = (window as Tapped).ways ?? []
    const contexts = [...new Set(ways.map(({ context }) => context))]
    const loud = ways.filter(({ look }) => {
      const samples = new Float32Array(look.fftSize)
      look.getFloatTimeDomainData(samples)
      return samples.some((each) => Math.abs(each) > 0.01)
    })
    return [...new Set(loud.map(({ context }) => contexts.indexOf(context)))]
  })

/** Whether a tone is among what is heard now: no more than 20 dB below the loudest. `frequency`, Hz. */
export const hears = (page: Page, frequency: number): Promise<boolean> =>
  page.evaluate(
    (frequency) =>
      ((window as Tapped).ways ?? []).some(({ context, look }) => {
        const levels = new Float32Array(look.frequencyBinCount)
        look.getFloatFrequencyData(levels)
        const at = Math.round((frequency * look.fftSize) / context.sampleRate)
        const loudest = levels.reduce((most, level) => Math.max(most, level), -Infinity)
        return Math.max(...levels.subarray(at - 1, at + 2)) > Math.max(loudest - 20, -60)
      }),
    frequency,
  )
