/** What an officer says and hears at a console: every stream of voices that its page plays, on its way to the ear. */
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
    const tap = (source: AudioNode, context: AudioContext) => {
      const look = new AnalyserNode(context)
      source.connect(look)
      ways.push({ context, look })
    }
    const make = AudioContext.prototype.createMediaStreamSource
    AudioContext.prototype.createMediaStreamSource = function (stream) {
      const source = make.call(this, stream)
      tap(source, this)
      return source
    }
    const Source = window.MediaStreamAudioSourceNode
    window.MediaStreamAudioSourceNode = class extends Source {
      constructor(context: AudioContext, options: MediaStreamAudioSourceOptions) {
        super(context, options)
        tap(this, context)
      }
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

/** From now on the page's microphone says a tone, instead of Chromium's beeps, which are silent most of the time. Hz. */
export const speakInTones = (page: Page, frequency: number): Promise<void> =>
  page.evaluate((hz) => {
    const { mediaDevices } = navigator
    const real = mediaDevices.getUserMedia.bind(mediaDevices)
    mediaDevices.getUserMedia = async (wanted) => {
      if (!wanted?.audio) return real(wanted)
      const context = new AudioContext()
      const tone = new OscillatorNode(context, { frequency: hz })
      const out = new MediaStreamAudioDestinationNode(context)
      tone.connect(out)
      tone.start()
      return out.stream
    }
  }, frequency)
