/** What runs in the page: it hears every leg, notes when one begins to sound, and beeps into its microphone's track. */
import type { SoundAnswer, SoundOffer } from '../../contract/seat-sound.ts'

declare global {
  interface Window {
    voiceBench: {
      answer(offer: SoundOffer): Promise<SoundAnswer>
      /** When a beep began to be heard or said since it was last asked, in ms since 1970. */
      take(): { readonly heard: number[]; readonly said: number[] }
    }
  }
}

/** What a page says: beeps or a tone without an end that it makes itself, or what the system's microphone hears. */
export type Speech = 'beeps' | 'tone' | 'microphone'

/** In the page once it is loaded. */
export async function install(speech: Speech): Promise<void> {
  const worklet = `
    class Ear extends AudioWorkletProcessor {
      silentFor = 1
      process([[samples]]) {
        if (samples === undefined) return true
        if (samples.some((sample) => Math.abs(sample) > 0.05)) {
          if (this.silentFor > 0.1) this.port.postMessage(Date.now())
          this.silentFor = 0
        } else this.silentFor += samples.length / sampleRate
        return true
      }
    }
    class Mouth extends AudioWorkletProcessor {
      at = 0
      process(_, [[samples]]) {
        const [every, length] = [0.43 * sampleRate, ${speech === 'beeps' ? 0.15 : 0.43} * sampleRate]
        for (let place = 0; place < samples.length; place++, this.at++) {
          const since = this.at % Math.round(every)
          if (since === 0) this.port.postMessage(Date.now())
          samples[place] = since < length ? (Math.floor(this.at / 24) % 2 ? 0.5 : -0.5) : 0
        }
        return true
      }
    }
    registerProcessor('ear', Ear)
    registerProcessor('mouth', Mouth)
  `
  const context = new AudioContext({ latencyHint: 'interactive' })
  const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
  const element = new Audio()
  element.muted = true
  element.srcObject = new MediaStream()
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const attached = new Set<MediaStreamTrack>()
  let [heard, said]: [number[], number[]] = [[], []]

  const attach = (track: MediaStreamTrack) => {
    if (attached.has(track)) return
    attached.add(track)
    // A track that no media element has is silent in WebAudio.
    if (element.srcObject instanceof MediaStream) element.srcObject.addTrack(track)
    void element.play()
    const source = new MediaStreamAudioSourceNode(context, { mediaStream: new MediaStream([track]) })
    source.connect(context.destination)
    if (attached.size > 1) return
    const ear = new AudioWorkletNode(context, 'ear', { numberOfOutputs: 0 })
    ear.port.onmessage = ({ data }: MessageEvent<number>) => heard.push(data)
    source.connect(ear)
  }

  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' })))
  await context.resume()
  const mouth = new AudioWorkletNode(context, 'mouth', { numberOfInputs: 0, outputChannelCount: [1] })
  mouth.port.onmessage = ({ data }: MessageEvent<number>) => said.push(data)
  mouth.connect(microphone)
  const processing = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
  const voice =
    speech === 'microphone'
      ? await navigator.mediaDevices.getUserMedia({ audio: processing })
      : microphone.stream
  window.voiceBench = {
    answer: async (offer) => {
      await peer.setRemoteDescription({ type: 'offer', sdp: offer.sdp })
      for (const transceiver of peer.getTransceivers()) {
        if (transceiver.mid === offer.microphone && transceiver.sender.track === null) {
          await transceiver.sender.replaceTrack(voice.getAudioTracks()[0] ?? null)
          transceiver.direction = 'sendonly'
        }
        if (offer.downlinks.some(({ mid }) => mid === transceiver.mid)) attach(transceiver.receiver.track)
      }
      await peer.setLocalDescription()
      return { connection: offer.connection, round: offer.round, sdp: peer.localDescription?.sdp ?? '' }
    },
    take: () => {
      const taken = { heard, said }
      heard = []
      said = []
      return taken
    },
  }
}
