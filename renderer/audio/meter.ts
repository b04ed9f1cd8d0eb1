/** How loud something is. */

export interface Meter {
  /** What goes through it is measured, and goes on unchanged. */
  readonly node: AudioNode
  /** Root mean square of the last 20 ms or so, 0 to 1. */
  level(): number
}

const WINDOW = 1024

export function meterOn(context: AudioContext): Meter {
  const node = new AnalyserNode(context, { fftSize: WINDOW })
  const samples = new Float32Array(WINDOW)
  return {
    node,
    level: () => {
      node.getFloatTimeDomainData(samples)
      return loudness(samples)
    },
  }
}

/** Of a track that is not heard here. */
export function meterOf(track: MediaStreamTrack): { level(): number; close(): void } {
  const context = new AudioContext({ sinkId: { type: 'none' } })
  const { node, level } = meterOn(context)
  new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) }).connect(node)
  return { level, close: () => void context.close() }
}

/** Root mean square, 0 to 1. */
export const loudness = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length))
