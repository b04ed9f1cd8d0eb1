/** One camera of the city: publishes a clip over WHIP (RFC 9725), over and over, and comes back when the hub does. */
import { RTCPeerConnection } from 'werift'
import type { Clip } from './ivf.ts'
import { clipCodec, openClipPlayer } from './player.ts'

const AGAIN_MS = 5_000
const ANSWER_WITHIN_MS = 10_000

export interface CameraOptions {
  /** Where it publishes to. */
  readonly url: string
  readonly token: string
  readonly clip: Clip
  /** The frame it begins with, so that not all cameras see the same at once. */
  readonly from: number
}

/** Returns what ends it. */
export function openCamera({ url, token, clip, from }: CameraOptions): () => void {
  const over = new AbortController()
  const headers = { authorization: `Bearer ${token}` }
  let end: () => void = () => undefined
  let again: NodeJS.Timeout | undefined

  const publish = async () => {
    const connection = new RTCPeerConnection({
      codecs: { video: [clipCodec()] },
      iceServers: [],
      iceUseIpv6: false,
      iceAdditionalHostAddresses: ['127.0.0.1'],
    })
    const player = openClipPlayer(clip, from)
    let location: string | undefined
    end = () => {
      player.stop()
      void connection.close()
      if (location !== undefined)
        fetch(new URL(location, url), { method: 'DELETE', headers }).catch(() => undefined)
    }
    const { sender } = connection.addTransceiver(player.track, { direction: 'sendonly' })
    sender.onPictureLossIndication.subscribe(player.toKeyFrame)
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') player.start()
      if (state === 'failed' || state === 'disconnected') retry()
    })
    await connection.setLocalDescription(await connection.createOffer())
    const answered = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/sdp' },
      body: connection.localDescription?.sdp ?? '',
      signal: AbortSignal.any([over.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    if (answered.status !== 201) throw new Error(`the hub answers ${answered.status}`)
    location = answered.headers.get('location') ?? undefined
    await connection.setRemoteDescription({ type: 'answer', sdp: await answered.text() })
  }
  const start = () => {
    publish().catch(retry)
  }
  const retry = () => {
    end()
    clearTimeout(again)
    if (!over.signal.aborted) again = setTimeout(start, AGAIN_MS)
  }
  start()
  return () => {
    over.abort()
    clearTimeout(again)
    end()
  }
}
