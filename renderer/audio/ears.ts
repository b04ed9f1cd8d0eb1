/** Everything that is heard, each voice on its way to where it belongs: calls and selected channels, or aside. */

import type { AudioRole } from '../../contract/settings.ts'
import { onSelected, type RootState, store } from '../app/store.ts'
import { isSpeaking, officersRadio } from '../features/radio/selectors.ts'
import { type Hearing, hearingOf } from './hearing.ts'
import { type Meter, meterOn } from './meter.ts'
import { type Output, openOutput } from './output.ts'

/** So that a change of loudness does not click, seconds. */
const FADE_S = 0.02

interface Voice {
  readonly leg: string
  readonly track: MediaStreamTrack
  /** How it is heard just now. */
  path: { readonly where: Hearing['where']; readonly gain: GainNode; cut(): void } | undefined
}

export interface Ears {
  /** Of the conversation. */
  readonly meter: Meter
  /** `leg`: as the engine names it. Returns how to hear it no more. */
  hear(track: MediaStreamTrack, leg: string): () => void
  close(): void
}

/** Where conversations are heard. */
export const conversationRole = ({ audio }: RootState): AudioRole =>
  audio.onLoudspeaker ? 'loudspeaker' : 'headset'

export function openEars(): Ears {
  const voices = new Set<Voice>()
  const conversation = openOutput(conversationRole, true)
  const meter = meterOn(conversation.context)
  meter.node.connect(conversation.context.destination)
  /** Open as long as anything is heard there. */
  let aside: Output | undefined

  const endOf = (where: Hearing['where']): { context: AudioContext; into: AudioNode } => {
    if (where === 'conversation') return { context: conversation.context, into: meter.node }
    aside ??= openOutput(() => 'loudspeaker', true)
    return { context: aside.context, into: aside.context.destination }
  }
  const settle = () => {
    const state = store.getState()
    const own = officersRadio(state)
    const speaking = isSpeaking(state)
    for (const voice of voices) {
      const { where, gain } = hearingOf(voice.leg, own, speaking)
      if (voice.path?.where !== where) {
        voice.path?.cut()
        voice.path = { where, ...lead(voice.track, endOf(where), gain) }
      }
      voice.path.gain.gain.setTargetAtTime(gain, voice.path.gain.context.currentTime, FADE_S)
    }
    if (aside === undefined || [...voices].some(({ path }) => path?.where === 'aside')) return
    aside.close()
    aside = undefined
  }
  const stopFollowing = onSelected((state) => [officersRadio(state), isSpeaking(state)], settle)
  return {
    meter,
    hear: (track, leg) => {
      const voice: Voice = { leg, track, path: undefined }
      voices.add(voice)
      settle()
      return () => {
        voices.delete(voice)
        voice.path?.cut()
        settle()
      }
    },
    close: () => {
      stopFollowing()
      for (const { path } of voices) path?.cut()
      voices.clear()
      aside?.close()
      conversation.close()
    },
  }
}

function lead(
  track: MediaStreamTrack,
  { context, into }: { context: AudioContext; into: AudioNode },
  loudness: number,
): { gain: GainNode; cut(): void } {
  const source = context.createMediaStreamSource(new MediaStream([track]))
  const gain = new GainNode(context, { gain: loudness })
  source.connect(gain).connect(into)
  return {
    gain,
    cut: () => {
      source.disconnect()
      gain.disconnect()
    },
  }
}
