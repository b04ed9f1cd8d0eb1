/**
 * The page's end of the sound between it and the engine: one connection over the loopback, which the engine
 * offers. Everything that comes in is heard; the microphone stays hot, and the engine decides where it goes.
 */
import type { SoundOffer } from '../../contract/seat-sound.ts'
import { engine } from '../app/engine.ts'
import { type Meter, meterOn } from './meter.ts'
import { holdMicrophone } from './microphone.ts'
import { openOutput } from './output.ts'

const FIRST_ROUND = 1

interface Connection {
  readonly number: number
  readonly peer: RTCPeerConnection
  close(): void
}

let ear: Meter | undefined

/** How loud it is just now what the officer hears, 0 to 1 (root mean square). */
export const earLevel = (): number => ear?.level() ?? 0

/** Answers the engine's offers; `onAnswered` is told each time. Returns its own undoing. */
export function followSound(onAnswered: () => void = () => undefined): () => void {
  let current: Connection | undefined
  let sender: RTCRtpSender | undefined
  let microphone: MediaStreamTrack | null = null
  let turn: Promise<void> = Promise.resolve()
  const output = openOutput(({ audio }) => (audio.onLoudspeaker ? 'loudspeaker' : 'headset'), true)
  const meter = meterOn(output.context)
  meter.node.connect(output.context.destination)
  ear = meter
  const release = holdMicrophone((track) => {
    microphone = track
    // It fails only if the connection has gone, and then so has the need.
    sender?.replaceTrack(track).catch(() => undefined)
  })

  const take = async (offer: SoundOffer) => {
    const { connection, round } = offer
    // A new engine counts its connections from the beginning.
    if (current?.number !== connection || round === FIRST_ROUND) {
      current?.close()
      current = connect(connection, output.context, meter.node)
    }
    const { peer } = current
    await peer.setRemoteDescription({ type: 'offer', sdp: offer.sdp })
    const uplink = peer.getTransceivers().find(({ mid }) => mid === offer.microphone)
    if (uplink !== undefined && uplink.direction !== 'sendonly') {
      uplink.direction = 'sendonly'
      sender = uplink.sender
      await sender.replaceTrack(microphone)
    }
    await peer.setLocalDescription()
    const sdp = peer.localDescription?.sdp
    if (sdp === undefined) return
    await engine.sound.takeAnswer.mutate({ connection, round, sdp })
    onAnswered()
  }

  const offers = engine.sound.offers.subscribe(undefined, {
    onData: (offer) => {
      // One after the other: an offer builds on the one before it. One that fails is made anew by the engine.
      turn = turn.then(() => take(offer)).catch(() => undefined)
    },
    onError: () => undefined,
  })
  return () => {
    offers.unsubscribe()
    release()
    current?.close()
    ear = undefined
    output.close()
  }
}

/** What comes over it goes to `into`, a node of the context. */
function connect(number: number, context: AudioContext, into: AudioNode): Connection {
  const peer = new RTCPeerConnection({ iceServers: [] })
  const heard = new MediaStream()
  const sources = new Set<AudioNode>()
  // Chromium keeps a remote track silent in Web Audio unless a media element has it too.
  const player = new Audio()
  player.muted = true
  player.srcObject = heard
  peer.addEventListener('track', ({ track }) => {
    const source = context.createMediaStreamSource(new MediaStream([track]))
    sources.add(source)
    source.connect(into)
    heard.addTrack(track)
    // It fails only if the page goes meanwhile.
    player.play().catch(() => undefined)
    const stop = () => {
      source.disconnect()
      sources.delete(source)
      heard.removeTrack(track)
    }
    track.addEventListener('ended', stop)
  })
  return {
    number,
    peer,
    close: () => {
      peer.close()
      player.srcObject = null
      for (const source of sources) source.disconnect()
    },
  }
}
