/** A way out for sound: an AudioContext that stays on the device of its role, or on the next best. */
import type { AudioRole } from '../../contract/settings.ts'
import { onSelected, type RootState, store } from '../app/store.ts'
import { inOrder, inUse, SYSTEM_DEFAULT } from './choice.ts'
import { look, presentDevices } from './devices.ts'
import { served } from './slice.ts'

/** Of the Web Audio API, and not yet in TypeScript's own declarations; '' is the system's default. */
declare global {
  interface AudioContext {
    readonly sinkId: string | { readonly type: 'none' }
    setSinkId(id: string): Promise<void>
  }
  interface AudioContextOptions {
    sinkId?: string | { readonly type: 'none' }
  }
}

export interface Output {
  readonly context: AudioContext
  /** As soon as it is on its device, or on the best that it can be on. */
  readonly ready: Promise<void>
  close(): void
}

const TRY_AGAIN_MS = 500

/** `roleOf`: it may come to play another one. `shown`: the officer sees what it is on, and is told of changes. */
export function openOutput(roleOf: (state: RootState) => AudioRole, shown = false): Output {
  const context = new AudioContext({ latencyHint: 'interactive' })
  const devices = presentDevices()
  let turn: Promise<void> = Promise.resolve()
  let role: AudioRole | undefined
  let closed = false
  let failing: number | undefined

  const settle = async (wanted: boolean) => {
    const { outputs } = devices.value.known ? devices.value : await look()
    if (closed) return
    const before = role
    role = roleOf(store.getState())
    const chosen = store.getState().settings.seat.audio[role]
    const order = inOrder(chosen, outputs)
    for (const device of order)
      if (await canBeOn(device.id)) {
        if (shown) tell(role, inUse(chosen, device, outputs), wanted, before)
        return
      }
    if (shown && outputs.length === 0) tell(role, null, wanted, before)
  }
  const tell = (now: AudioRole, use: ReturnType<typeof inUse>, wanted: boolean, before?: AudioRole) => {
    if (closed) return
    if (before !== undefined && before !== now)
      store.dispatch(served({ role: before, use: undefined, wanted }))
    store.dispatch(served({ role: now, use, wanted }))
  }
  const canBeOn = async (id: string): Promise<boolean> => {
    const sink = id === SYSTEM_DEFAULT ? '' : id
    // A context whose device failed stands still until it is told to go on.
    if (!closed && context.state === 'suspended') context.resume().catch(() => undefined)
    if (closed || context.sinkId === sink) return true
    // It went meanwhile, or another program keeps it for itself.
    return context.setSinkId(sink).then(
      () => true,
      () => false,
    )
  }
  const again = (wanted: boolean): Promise<void> => {
    turn = turn.then(() => settle(wanted))
    return turn
  }

  const undo = [
    devices.onChange(() => void again(false)),
    onSelected(
      (state) => [roleOf(state), state.settings.seat.audio[roleOf(state)]],
      () => void again(true),
    ),
  ]
  // Its device failed: there may be no other sign of that. One that fails on and on is not asked on and on.
  context.addEventListener('error', () => {
    window.clearTimeout(failing)
    failing = window.setTimeout(() => void look().then(() => again(false)), TRY_AGAIN_MS)
  })
  return {
    context,
    ready: again(true),
    close: () => {
      for (const step of undo) step()
      if (shown && role !== undefined) store.dispatch(served({ role, use: undefined, wanted: true }))
      closed = true
      window.clearTimeout(failing)
      void context.close()
    },
  }
}

/** Plays it once where that role is heard, `gain` times as loud. Resolves when it is over. */
export async function playOn(role: AudioRole, sound: AudioBuffer, gain = 1): Promise<void> {
  const { context, ready, close } = openOutput(() => role)
  await ready
  const source = new AudioBufferSourceNode(context, { buffer: sound })
  source.connect(new GainNode(context, { gain })).connect(context.destination)
  const over = new Promise((resolve) => source.addEventListener('ended', resolve))
  source.start()
  await over
  close()
}
