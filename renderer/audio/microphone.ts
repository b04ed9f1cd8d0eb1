/** The officer's microphone: open while anybody needs it, and replaced by the next best when it is unplugged. */
import type { AudioDevice, AudioSettings } from '../../contract/settings.ts'
import { onSelected, store } from '../app/store.ts'
import { inOrder, inUse } from './choice.ts'
import { look, presentDevices } from './devices.ts'
import { served } from './slice.ts'

/** A device that failed is tried again after so long; one that is kept by another program gives no sign. */
const TRY_AGAIN_MS = 3_000

interface Opened {
  readonly track: MediaStreamTrack
  readonly device: AudioDevice
  readonly wishes: string
}

type Listener = (track: MediaStreamTrack | null) => void

const listeners = new Set<Listener>()
/** Ended by themselves, although the system still names them. */
const failed = new Set<string>()
let opened: Opened | undefined
let turn: Promise<void> = Promise.resolve()
let again: number | undefined
let stopFollowing: (() => void) | undefined

/** Calls `listener` with the microphone's track, or with null where there is none. Returns its own undoing. */
export function holdMicrophone(listener: Listener): () => void {
  const held: Listener = (track) => listener(track)
  listeners.add(held)
  stopFollowing ??= follow()
  if (opened === undefined) settle(true)
  else held(opened.track)
  return () => {
    listeners.delete(held)
    if (listeners.size > 0) return
    stopFollowing?.()
    stopFollowing = undefined
    settle(true)
  }
}

function follow(): () => void {
  const undo = [
    presentDevices().onChange(() => {
      failed.clear()
      settle(false)
    }),
    onSelected(
      ({ settings }) => wishesOf(settings.seat.audio),
      () => settle(true),
    ),
  ]
  return () => {
    for (const step of undo) step()
  }
}

/** One after the other: devices take their time to open. */
function settle(wanted: boolean): void {
  turn = turn.then(() => choose(wanted))
}

async function choose(wanted: boolean): Promise<void> {
  window.clearTimeout(again)
  if (listeners.size === 0) {
    opened?.track.stop()
    opened = undefined
    failed.clear()
    store.dispatch(served({ role: 'microphone', use: undefined, wanted: true }))
    return
  }
  const { audio } = store.getState().settings.seat
  const { inputs } = await look()
  const order = inOrder(audio.microphone, inputs)
  const before = opened
  opened = await openFirst(
    order.filter(({ id }) => !failed.has(id)),
    audio,
  )
  if (opened !== before) {
    for (const listener of listeners) listener(opened?.track ?? null)
    before?.track.stop()
  }
  const use = inUse(audio.microphone, opened?.device, inputs)
  store.dispatch(served({ role: 'microphone', use, wanted }))
  // The first one that may be used brings the names of all.
  if (order.some(({ label }) => label === '')) void look()
  if (opened !== undefined && opened.device.id === order[0]?.id) return
  again = window.setTimeout(() => {
    failed.clear()
    settle(false)
  }, TRY_AGAIN_MS)
}

/** The first that can be had; the one that is open already stays open. */
async function openFirst(order: readonly AudioDevice[], audio: AudioSettings): Promise<Opened | undefined> {
  const wishes = wishesOf(audio)
  const { echoCancellation, noiseSuppression } = audio
  for (const device of order) {
    if (opened !== undefined && isOpen(opened, device, wishes)) return opened
    const constraints = {
      echoCancellation,
      noiseSuppression,
      autoGainControl: true,
      // Before the page may know them, devices have no ids.
      ...(device.id !== '' && { deviceId: { exact: device.id } }),
    }
    const [track] = await navigator.mediaDevices.getUserMedia({ audio: constraints }).then(
      (stream) => stream.getAudioTracks(),
      // It went meanwhile, or another program keeps it, or it is not allowed: the next one.
      () => [],
    )
    if (track === undefined) continue
    track.addEventListener('ended', () => {
      if (opened?.track !== track) return
      failed.add(device.id)
      settle(false)
    })
    return { track, device, wishes }
  }
  return undefined
}

const isOpen = ({ track, device, wishes }: Opened, asked: AudioDevice, wanted: string): boolean =>
  track.readyState === 'live' && device.id === asked.id && device.label === asked.label && wishes === wanted

const wishesOf = ({ microphone, echoCancellation, noiseSuppression }: AudioSettings): string =>
  JSON.stringify([microphone, echoCancellation, noiseSuppression])
