/** A Chromium page with ears and a microphone, at the other end of an engine's loopback. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { SoundAnswer, SoundOffer } from '../../contract/seat-sound.ts'
import type { AtEnd } from './at-end.ts'
import { launchBrowser } from './browser.ts'
import { temporaryFolder } from './folder.ts'
import { sine } from './tone.ts'
import { writeWaveFile } from './wave-file.ts'

/** What the page's microphone hears. */
export const MICROPHONE_HZ = 600

interface Heard {
  /** Root mean square, a share of full scale. */
  readonly loudness: number
  /** The strongest frequency. */
  readonly frequency: number
}

export interface VoicePage {
  /** Gives the page an offer and returns its answer. */
  answer(offer: SoundOffer): Promise<SoundAnswer>
  /** What comes to this leg's ear now; nothing if there is no such leg. */
  heard(leg: string): Promise<Heard | undefined>
  /** As a person who presses F5. */
  reload(): Promise<void>
}

declare global {
  interface Window {
    voice: {
      answer(offer: SoundOffer): Promise<SoundAnswer>
      heard(leg: string): Heard | undefined
    }
  }
}

export async function openVoicePage(atEnd: AtEnd): Promise<VoicePage> {
  const sound = join(temporaryFolder(atEnd), 'microphone.wav')
  writeWaveFile(sound, sine(MICROPHONE_HZ, 8_000))
  const { browser, url } = await launchBrowser(atEnd, [`--use-file-for-fake-audio-capture=${sound}`])
  const page = await browser.newPage()
  await page.addInitScript(prepare)
  await page.goto(url)
  return voicePage(page)
}

const voicePage = (page: Page): VoicePage => ({
  answer: (offer) => page.evaluate((given) => window.voice.answer(given), offer),
  heard: (leg) => page.evaluate((name) => window.voice.heard(name), leg),
  reload: async () => {
    await page.reload()
  },
})

/** Runs in the page, before anything else there. */
function prepare(): void {
  const context = new AudioContext()
  const silence = new GainNode(context, { gain: 0 })
  silence.connect(context.destination)
  let connection: { readonly number: number; readonly peer: RTCPeerConnection } | undefined
  let microphone: Promise<MediaStream> | undefined
  const ears = new Map<string, { readonly track: MediaStreamTrack; readonly analyser: AnalyserNode }>()

  const listenTo = (leg: string, track: MediaStreamTrack) => {
    if (ears.get(leg)?.track === track) return
    const stream = new MediaStream([track])
    // A track that no media element has is silent in WebAudio.
    const element = new Audio()
    element.srcObject = stream
    element.muted = true
    void element.play()
    const analyser = new AnalyserNode(context, { fftSize: 8_192, smoothingTimeConstant: 0 })
    new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(analyser).connect(silence)
    ears.set(leg, { track, analyser })
  }

  window.voice = {
    answer: async (offer) => {
      if (connection?.number !== offer.connection) {
        connection?.peer.close()
        ears.clear()
        connection = { number: offer.connection, peer: new RTCPeerConnection({ bundlePolicy: 'max-bundle' }) }
      }
      const { peer } = connection
      await peer.setRemoteDescription({ type: 'offer', sdp: offer.sdp })
      for (const transceiver of peer.getTransceivers()) {
        if (transceiver.mid === offer.microphone && transceiver.sender.track === null) {
          microphone ??= navigator.mediaDevices.getUserMedia({
            audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
          })
          const [track] = (await microphone).getAudioTracks()
          await transceiver.sender.replaceTrack(track ?? null)
          transceiver.direction = 'sendonly'
        }
        const downlink = offer.downlinks.find(({ mid }) => mid === transceiver.mid)
        if (downlink !== undefined) listenTo(downlink.leg, transceiver.receiver.track)
      }
      for (const leg of [...ears.keys()])
        if (!offer.downlinks.some((downlink) => downlink.leg === leg)) ears.delete(leg)
      await peer.setLocalDescription()
      return {
        connection: offer.connection,
        round: offer.round,
        sdp: peer.localDescription?.sdp ?? '',
      }
    },
    heard: (leg) => {
      const analyser = ears.get(leg)?.analyser
      if (analyser === undefined) return undefined
      const samples = new Float32Array(analyser.fftSize)
      analyser.getFloatTimeDomainData(samples)
      const levels = new Float32Array(analyser.frequencyBinCount)
      analyser.getFloatFrequencyData(levels)
      const strongest = levels.indexOf(Math.max(...levels))
      return {
        loudness: Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length),
        frequency: (strongest * context.sampleRate) / analyser.fftSize,
      }
    },
  }
}
