/**
 * The page's end of the sound between it and the engine: one connection over the loopback, which the engine
 * offers. Everything that comes in is heard; the microphone stays hot, and the engine decides where it goes.
 */
import type { SoundOffer } from '../../contract/engine.ts'
import { engine } from '../app/engine.ts'
import { uplinkOf } from './uplink.ts'

/** Echo cancellation and its kin, for people who talk over a loudspeaker. */
const wanted: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
}

interface Connection {
  readonly id: number
  readonly peer: RTCPeerConnection
  close(): void
}

/** Answers the engine's offers from now on. `onMicrophone` is told whether there is one to be heard by. */
export function followSound(onMicrophone: (there: boolean) => void): void {
  let current: Connection | undefined
  let turn: Promise<void> = Promise.resolve()
  const microphone = hotMicrophone(onMicrophone)

  const take = async (offer: SoundOffer) => {
    if (current?.id !== offer.connection) {
      current?.close()
      current = connect(offer.connection)
    }
    const { peer } = current
    await peer.setRemoteDescription({ type: 'offer', sdp: offer.sdp })
    const mid = uplinkOf(offer.sdp)
    const uplink = peer.getTransceivers().find((transceiver) => transceiver.mid === mid)
    if (uplink !== undefined && uplink.direction !== 'sendonly') {
      await uplink.sender.replaceTrack(await microphone())
      uplink.direction = 'sendonly'
    }
    await peer.setLocalDescription()
    const sdp = peer.localDescription?.sdp
    if (sdp !== undefined) await engine.telephone.takeAnswer.mutate({ ...offer, sdp })
  }

  engine.telephone.offers.subscribe(undefined, {
    onData: (offer) => {
      // One after the other: an offer builds on the one before it. One that fails is made anew by the engine.
      turn = turn.then(() => take(offer)).catch(() => undefined)
    },
    onError: () => undefined,
  })
}

function connect(id: number): Connection {
  const peer = new RTCPeerConnection({ iceServers: [] })
  const context = new AudioContext({ latencyHint: 'interactive' })
  const heard = new MediaStream()
  // Chromium keeps a remote track silent in Web Audio unless a media element has it too.
  const player = new Audio()
  player.muted = true
  player.srcObject = heard
  peer.addEventListener('track', ({ track }) => {
    const source = context.createMediaStreamSource(new MediaStream([track]))
    source.connect(context.destination)
    heard.addTrack(track)
    void player.play()
    track.addEventListener('ended', () => {
      source.disconnect()
      heard.removeTrack(track)
    })
  })
  return {
    id,
    peer,
    close: () => {
      peer.close()
      player.srcObject = null
      void context.close()
    },
  }
}

/** The microphone, opened once and kept open; another is taken when it is unplugged. Null where there is none. */
function hotMicrophone(tell: (there: boolean) => void): () => Promise<MediaStreamTrack | null> {
  let opening: Promise<MediaStreamTrack | null> | undefined
  const open = async (): Promise<MediaStreamTrack | null> => {
    try {
      const [track] = (await navigator.mediaDevices.getUserMedia(wanted)).getAudioTracks()
      track?.addEventListener('ended', () => {
        opening = undefined
        tell(false)
      })
      tell(track !== undefined)
      return track ?? null
    } catch {
      opening = undefined
      tell(false)
      return null
    }
  }
  return () => {
    opening ??= open()
    return opening
  }
}
