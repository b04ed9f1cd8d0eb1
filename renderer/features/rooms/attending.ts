/** The room that this page prepares for or is in: one at a time. A page that is loaded anew comes back to it. */
import * as z from 'zod'
import type { Id } from '../../../contract/primitives.ts'
import { type Meeting, openMeeting } from '../../../meeting/meeting.ts'
import { loadDevice } from '../../../meeting/sfu-peer.ts'
import { engine } from '../../app/engine.ts'
import { onSelected, store } from '../../app/store.ts'
import { holdMicrophone } from '../../audio/microphone.ts'
import { openRoomEars } from '../../audio/room-ears.ts'
import { openOwnCamera } from './own-camera.ts'
import {
  broken,
  joining,
  type MeetingState,
  meetingOver,
  notSent,
  previewBegun,
  type Sending,
  sceneTold,
  scoreTold,
  screenNotShown,
  screenShown,
  sendingChanged,
} from './slice.ts'

/** Where it is kept. It survives the page, not the window. */
const KEPT = 'room'

const keptSchema = z.object({
  account: z.string(),
  room: z.string(),
  name: z.string(),
  sending: z.object({ microphone: z.boolean(), camera: z.boolean() }),
  device: z.string().nullable(),
})

/** Pictures of a screen in a second. */
const screenRate = { frameRate: { ideal: 15, max: 30 } }

export const ownCamera = openOwnCamera()

/** Which camera was chosen. */
let device: string | null = null
/** The screen that everybody is shown; null: none. */
let screen: MediaStreamTrack | null = null
let current: { readonly account: Id; readonly meeting: Meeting; release(): void } | undefined
const { dispatch } = store

const ownMeeting = (): MeetingState | null => store.getState().rooms.meeting

/** Shows the officer how they will be seen and heard there. Their microphone is off until they want it on. */
export function prepare({ id, name }: { readonly id: string; readonly name: string }): void {
  leave()
  const sending = { microphone: false, camera: true }
  dispatch(previewBegun({ room: id, name, sending }))
  ownCamera.want({ on: true, device })
}

export function join(account: Id): void {
  const own = ownMeeting()
  if (own === null || current !== undefined) return
  dispatch(joining())
  const meeting = openMeeting({
    room: own.room,
    account,
    video: engine.video,
    ears: openRoomEars(),
    openDevice: loadDevice,
    onScene: (scene) => dispatch(sceneTold(scene)),
    onBroken: () => dispatch(broken()),
    onScore: (producer, score) => dispatch(scoreTold({ producer, score })),
    onUnsent: (track) => {
      if (track === 'screen') {
        stopScreen()
        dispatch(screenNotShown())
      }
      if (track !== 'microphone' && track !== 'camera') return
      if (track === 'camera') ownCamera.want({ on: false, device })
      dispatch(notSent(track))
    },
    onOver: (how) => {
      letGo()
      dispatch(meetingOver(how))
    },
  })
  const sendCamera = () => {
    const { value } = ownCamera.picture
    const [track] = value.kind === 'on' ? value.stream.getVideoTracks() : []
    meeting.send('camera', track === undefined ? null : { track, paused: false })
  }
  sendCamera()
  const releases = [ownCamera.picture.onChange(sendCamera), sendMicrophone(meeting)]
  current = {
    account,
    meeting,
    release: () => {
      for (const release of releases) release()
    },
  }
  keep()
}

/** The microphone is the one of all conversations; what is done to it here is done to a copy. */
function sendMicrophone(meeting: Meeting): () => void {
  let copy: MediaStreamTrack | null = null
  const send = () => {
    const paused = ownMeeting()?.sending.microphone !== true
    meeting.send('microphone', copy === null ? null : { track: copy, paused })
  }
  const release = holdMicrophone((track) => {
    const before = copy
    copy = track?.clone() ?? null
    send()
    before?.stop()
  })
  const stopFollowing = onSelected(({ rooms }) => rooms.meeting?.sending.microphone, send)
  return () => {
    stopFollowing()
    release()
    copy?.stop()
  }
}

/** What the officer wants to send from now on. */
export function want(change: Partial<Sending>): void {
  const own = ownMeeting()
  if (own === null) return
  const sending = { ...own.sending, ...change }
  dispatch(sendingChanged(sending))
  ownCamera.want({ on: sending.camera, device })
  if (current !== undefined) keep()
}

export function chooseCamera(chosen: string): void {
  device = chosen
  want({ camera: true })
}

/** Shows everybody a screen, or a window, which was one of those that `engine.screens` tells of. Rejects if it can't. */
export async function showScreen(id: string): Promise<void> {
  await engine.screens.choose.mutate({ id })
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: screenRate })
  const [track] = stream.getVideoTracks()
  if (track === undefined) return
  if (current === undefined) {
    track.stop()
    return
  }
  screen?.stop()
  screen = track
  // Letters before movement.
  track.contentHint = 'detail'
  // The window was closed, or the system was told to stop it.
  track.addEventListener('ended', () => {
    if (screen === track) hideScreen()
  })
  current.meeting.send('screen', { track, paused: false })
  dispatch(screenShown(true))
}

export function hideScreen(): void {
  stopScreen()
  current?.meeting.send('screen', null)
  dispatch(screenShown(false))
}

function stopScreen(): void {
  screen?.stop()
  screen = null
}

export function leave(): void {
  if (ownMeeting() === null) return
  current?.meeting.leave()
  // What can't be told now is over all the same, as soon as the hub knows that the officer has left.
  void engine.video.rooms.stopCarrying.mutate().catch(() => undefined)
  letGo()
  dispatch(meetingOver(null))
}

function letGo(): void {
  stopScreen()
  current?.release()
  current = undefined
  ownCamera.want({ on: false, device })
  sessionStorage.removeItem(KEPT)
}

function keep(): void {
  const own = ownMeeting()
  if (own === null || current === undefined) return
  const { room, name, sending } = own
  sessionStorage.setItem(KEPT, JSON.stringify({ account: current.account, room, name, sending, device }))
}

/** The page was loaded anew while this officer was in a room. */
export function comeBack(account: Id): void {
  const text = sessionStorage.getItem(KEPT)
  const kept = text === null ? undefined : keptSchema.safeParse(JSON.parse(text)).data
  if (kept === undefined || kept.account !== account || current !== undefined) return
  const { room, name, sending } = kept
  device = kept.device
  dispatch(previewBegun({ room, name, sending }))
  ownCamera.want({ on: sending.camera, device })
  join(account)
}

/** A key that is down is said to be, so often. */
const KEY_EVERY_MS = 1_000

/** Presses the key of what is carried. `onRefused`: it was refused, or it can't be told that it is down. Returns its letting go. */
export function holdKey(carried: string, onRefused: (error: unknown) => void): () => void {
  let held = true
  const say = (down: boolean) =>
    current?.meeting.key(carried, down).catch((error) => {
      if (held) onRefused(error)
    })
  void say(true)
  const again = setInterval(() => void say(true), KEY_EVERY_MS)
  return () => {
    held = false
    clearInterval(again)
    void say(false)
  }
}

/** Of the room that the page is in. */
export const meetingNow = (): Meeting | undefined => current?.meeting
