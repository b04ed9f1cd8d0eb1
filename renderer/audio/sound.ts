/**
 * The page's end of the sound between it and the engine: one connection over the loopback, which the engine
 * offers. Everything that comes in is heard; the microphone stays hot, and the engine decides where it goes.
 */
import type { SoundOffer } from '../../contract/engine.ts'
import { engine } from '../app/engine.ts'
import { type Meter, meterOn } from './meter.ts'
import { openMicrophone } from './microphone.ts'

const FIRST_ROUND = 1

interface Connection {
  readonly number: number
  readonly peer: RTCPeerConnection
  readonly meter: Meter
  close(): void
}

let current: Connection | undefined

/** How loud it is just now what the officer hears, 0 to 1 (root mean square). */
export const earLevel = (): number => current?.meter.level() ?? 0

/** Answers the engine's offers. `onMicrophone` is told whether there is one to be heard by. Returns its own undoing. */
export function followSound(onMicrophone: (there: boolean) => void): () => void {
  const microphone = openMicrophone(onMicrophone)
  let turn: Promise<void> = Promise.resolve()

  const take = async (offer: SoundOffer) => {
    const { connection, round } = offer
    // A new engine counts its connections from the beginning.
    if (current?.number !== connection || round === FIRST_ROUND) {
      current?.close()
      current = connect(connection)
    }
    const { peer } = current
    await peer.setRemoteDescription({ type: 'offer', sdp: offer.sdp })
    const uplink = peer.getTransceivers().find(({ mid }) => mid === offer.microphone)
    if (uplink !== undefined && uplink.direction !== 'sendonly') {
      uplink.direction = 'sendonly'
      await microphone.feed(uplink.sender)
    }
    await peer.setLocalDescription()
    const sdp = peer.localDescription?.sdp
    if (sdp !== undefined) await engine.telephone.takeAnswer.mutate({ connection, round, sdp })
  }

  const offers = engine.telephone.offers.subscribe(undefined, {
    onData: (offer) => {
      // One after the other: an offer builds on the one before it. One that fails is made anew by the engine.
      turn = turn.then(() => take(offer)).catch(() => undefined)
    },
    onError: () => undefined,
  })
  return () => {
    offers.unsubscribe()
    microphone.close()
    current?.close()
    current = undefined
  }
}

function connect(number: number): Connection {
  const peer = new RTCPeerConnection({ iceServers: [] })
  const context = new AudioContext({ latencyHint: 'interactive' })
  const meter = meterOn(context)
  meter.node.connect(context.destination)
  const heard = new MediaStream()
  // Chromium keeps a remote track silent in Web Audio unless a media element has it too.
  const player = new Audio()
  player.muted = true
  player.srcObject = heard
  peer.addEventListener('track', ({ track }) => {
    const source = context.createMediaStreamSource(new MediaStream([track]))
    source.connect(meter.node)
    heard.addTrack(track)
    // It fails only if the page goes meanwhile.
    player.play().catch(() => undefined)
    const stop = () => {
      source.disconnect()
      heard.removeTrack(track)
    }
    track.addEventListener('ended', stop)
  })
  return {
    number,
    peer,
    meter,
    close: () => {
      peer.close()
      player.srcObject = null
      void context.close()
    },
  }
}
