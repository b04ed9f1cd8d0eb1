/** The officer's camera: open while it is wanted, and again as soon as there is one when it was unplugged. */
import { Watched } from '../../../contract/watched.ts'

interface Wish {
  readonly on: boolean
  /** Null: whichever the system prefers. */
  readonly device: string | null
}

/** `missing`: it is wanted, and there is none, or another program keeps it. */
type OwnPicture =
  | { readonly kind: 'off' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'on'; readonly stream: MediaStream; readonly device: string | null }

export interface OwnCamera {
  readonly picture: Watched<OwnPicture>
  want(wish: Wish): void
}

const size = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 25 } }

export function openOwnCamera(): OwnCamera {
  const picture = new Watched<OwnPicture>({ kind: 'off' })
  let wish: Wish = { on: false, device: null }
  let turn: Promise<void> = Promise.resolve()

  /** One after the other: a camera takes its time to open. */
  const settle = () => {
    turn = turn.then(choose)
  }

  const choose = async () => {
    const before = picture.value
    if (before.kind === 'on') {
      const [track] = before.stream.getVideoTracks()
      if (wish.on && before.device === wish.device && track?.readyState === 'live') return
      track?.stop()
    }
    picture.set(wish.on ? await open(wish.device) : { kind: 'off' })
  }

  const open = async (device: string | null): Promise<OwnPicture> => {
    const video = { ...size, ...(device !== null && { deviceId: { exact: device } }) }
    const stream = await navigator.mediaDevices.getUserMedia({ video }).catch(() => undefined)
    const [track] = stream?.getVideoTracks() ?? []
    if (stream === undefined || track === undefined) return { kind: 'missing' }
    track.addEventListener('ended', settle)
    return { kind: 'on', stream, device }
  }

  navigator.mediaDevices.addEventListener('devicechange', () => {
    if (picture.value.kind === 'missing') settle()
  })
  return {
    picture,
    want: (next) => {
      wish = next
      settle()
    },
  }
}
