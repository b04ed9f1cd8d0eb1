/** Of sound and its devices. */
import type { TextsOf } from '../index.ts'

export const audio: TextsOf<'audio'> = {
  audio: {
    title: 'Sound',
    roles: { headset: 'Headset', microphone: 'Microphone', ring: 'Ring', loudspeaker: 'Loudspeaker' },
    systemDefault: 'System default',
    away: '{{device}} (not there)',
    try: 'Try',
    tryRing: 'Try',
    ringVolume: 'Ring volume',
    echoCancellation: 'Echo cancellation',
    noiseSuppression: 'Noise suppression',
    test: 'Microphone test',
    speak: 'Speak 3 s',
    microphoneLevel: 'Microphone level',
    none: 'No microphone can be used: plug one in, or check the permissions.',
    steps: {
      idle: 'Recorded, then played back',
      recording: 'Please speak…',
      playing: 'Playing back…',
      heard: 'The microphone works',
      silent: 'Next to nothing heard: check its switch and level',
      failed: 'Not finished: the microphone was unplugged',
    },
    toLoudspeaker: 'Calls on the loudspeaker',
    toHeadset: 'Calls on the headset',
    standsIn: '{{role}} unplugged: “{{now}}”',
    news: {
      gone: '{{role}} “{{was}}” is unplugged, and there is no other',
      instead: '{{role}} “{{was}}” is unplugged; “{{now}}” serves',
      back: '{{role}} is back: “{{now}}”',
    },
  },
}
