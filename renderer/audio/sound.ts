/**
 * The page's end of the sound between it and the engine: one connection over the loopback, which the engine
 * offers. Everything that comes in is heard; the microphone stays hot, and the engine decides where it goes.
 */
import type { SoundOffer } from '../../contract/seat-sound.ts'
import { engine } from '../app/engine.ts'
import { type Ears, openEars } from './ears.ts'
import { holdMicrophone } from './microphone.ts'

const FIRST_ROUND = 1

interface Connection {
  readonly number: number
  readonly peer: RTCPeerConnection
  /** Which leg comes on which `mid`, as of the latest offer. */
  readonly legs: Map<string, string>
  close(): void
}

let ears: Ears | undefined

/** How loud it is just now what the officer hears, 0 to 1 (root mean square). */
export const earLevel = (): number => ears?.meter.level() ?? 0

/** Answers the engine's offers; `onAnswered` is told each time. Returns its own undoing. */
export function followSound(onAnswered: () => void = () => undefined): () => void {
  let current: Connection | undefined
  let sender: RTCRtpSender | undefined
  let microphone: MediaStreamTrack | null = null
  let turn: Promise<void> = Promise.resolve()
  const own = openEars()
  ears = own
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
      current = connect(connection, own)
    }
    const { peer, legs } = current
    for (const { mid, leg } of offer.downlinks) legs.set(mid, leg)
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
    ears = undefined
    own.close()
  }
}

function connect(number: number, ears: Ears): Connection {
  const peer = new RTCPeerConnection({ iceServers: [] })
  const heard = new MediaStream()
  const legs = new Map<string, string>()
  const stops = new Set<() => void>()
  // Chromium keeps a remote track silent in Web Audio unless a media element has it too.
  const player = new Audio()
  player.muted = true
  player.srcObject = heard
  peer.addEventListener('track', ({ track, transceiver }) => {
    const unhear = ears.hear(track, legs.get(transceiver.mid ?? '') ?? '')
    heard.addTrack(track)
    // It fails only if the page goes meanwhile.
    player.play().catch(() => undefined)
    const stop = () => {
      stops.delete(stop)
      unhear()
      heard.removeTrack(track)
    }
    stops.add(stop)
    track.addEventListener('ended', stop)
  })
  return {
    number,
    peer,
    legs,
    close: () => {
      peer.close()
      player.srcObject = null
      for (const stop of stops) stop()
    },
  }
}
