/** The officer's microphone: opened once, kept open, and replaced by the next best when it is unplugged. */

/** Echo cancellation and its kin, for people who talk over a loudspeaker. */
const wanted: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
}

export interface Microphone {
  /** Sends it there from now on, whichever it is. */
  feed(sender: RTCRtpSender): Promise<void>
  close(): void
}

/** `tell` hears whether there is one. Where there is none, one is taken as soon as it is plugged in. */
export function openMicrophone(tell: (there: boolean) => void): Microphone {
  let sender: RTCRtpSender | undefined
  let track: MediaStreamTrack | undefined
  let closed = false

  const open = async (): Promise<void> => {
    const [found] = await navigator.mediaDevices.getUserMedia(wanted).then(
      (stream) => stream.getAudioTracks(),
      // No device, or no permission: the officer is told by `tell`.
      () => [],
    )
    if (closed) return found?.stop()
    track = found
    found?.addEventListener('ended', replace)
    tell(found !== undefined)
    await sender?.replaceTrack(found ?? null)
  }
  const replace = () => {
    track = undefined
    opening = open()
  }
  const devicesChanged = () => {
    if (track === undefined) replace()
  }
  let opening = open()
  navigator.mediaDevices.addEventListener('devicechange', devicesChanged)

  return {
    feed: async (next) => {
      sender = next
      await opening
      await next.replaceTrack(track ?? null)
    },
    close: () => {
      closed = true
      navigator.mediaDevices.removeEventListener('devicechange', devicesChanged)
      track?.stop()
    },
  }
}
