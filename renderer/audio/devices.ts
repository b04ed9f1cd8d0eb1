/** The audio devices that are there now, and the officer's choice among them. */
import type { AudioDevice } from '../../contract/settings.ts'
import { Watched } from '../../contract/watched.ts'

interface Present {
  /** False before the system has been asked. */
  readonly known: boolean
  readonly inputs: readonly AudioDevice[]
  readonly outputs: readonly AudioDevice[]
}

const present = new Watched<Present>({ known: false, inputs: [], outputs: [] })
let looks = 0
/** Sound servers of Linux tell nobody of devices that are not the machine's own, as by Bluetooth. */
const LOOK_EVERY_MS = 2_000

/** Looked for anew whenever the system says that they changed, and now and then. */
export function presentDevices(): Watched<Present> {
  if (looks === 0) {
    navigator.mediaDevices.addEventListener('devicechange', () => void look())
    window.setInterval(() => void look(), LOOK_EVERY_MS)
    void look()
  }
  return present
}

export async function look(): Promise<Present> {
  const turn = ++looks
  // Where they may not be known there are none.
  const found = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  const ofKind = (wanted: MediaDeviceKind): AudioDevice[] =>
    found.flatMap(({ kind, deviceId, label }) => (kind === wanted ? [{ id: deviceId, label }] : []))
  const next = { known: true, inputs: ofKind('audioinput'), outputs: ofKind('audiooutput') }
  if (turn === looks && JSON.stringify(next) !== JSON.stringify(present.value)) present.set(next)
  return next
}
