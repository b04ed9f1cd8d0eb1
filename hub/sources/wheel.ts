/** Who turns a camera, and that it stands still when they don't any more: one at a time, for a few seconds after each act. */
import type { Person } from '../../contract/incidents.ts'
import { Refusal } from '../../contract/refusal.ts'
import { type Direction, MOVE_AGAIN_MS, type Preset } from '../../contract/steering.ts'
import { NotSteerable, type OnvifCamera } from './onvif.ts'
import { SoapTrouble } from './soap.ts'

/** Whoever did something with it has it for so long. */
const HELD_MS = 5_000
/** Two of those who move it may be lost on the way. */
const STOPS_AFTER_MS = 3 * MOVE_AGAIN_MS

export interface Wheel {
  /** Whether the camera can be turned; false as long as that is not known. */
  readonly turns: boolean
  /** Whoever has it. */
  readonly by: Person | null
  /** Somebody looks at the camera: it is asked whether it can be turned, unless that is known. */
  look(): void
  /**
   * Takes it, or keeps it, for the session; throws a `Refusal` while another has it. True: nobody had it. What was
   * wanted before and has not been done is not done any more.
   */
  take(session: string, person: Person): boolean
  /** What is asked of it, in the order in which it is asked; rejects with a `Refusal` where the camera does not do it. */
  move(direction: Direction): Promise<void>
  /** Nothing, where another has it. */
  stop(session: string): Promise<void>
  goTo(preset: string): Promise<void>
  presets(): Promise<readonly Preset[]>
  close(): void
}

export interface WheelOptions {
  readonly camera: OnvifCamera
  /** Another has it, or nobody, or it is known that it turns. */
  onChange(): void
}

export function openWheel({ camera, onChange }: WheelOptions): Wheel {
  let holder: { readonly session: string; readonly person: Person } | undefined
  let turns: boolean | undefined
  let looking = false
  let held: NodeJS.Timeout | undefined
  let stopping: NodeJS.Timeout | undefined
  let turn: Promise<unknown> = Promise.resolve()
  /** Counts what is wanted: a move is not made once something else is. */
  let wanted = 0
  /** How the camera was told to move last. */
  let moves: 'turn' | 'zoom' | undefined

  const inTurn = <T>(what: () => Promise<T>): Promise<T> => {
    const mine = turn.then(what)
    turn = mine.catch(() => undefined)
    return mine.catch(tellWhy)
  }
  const letGo = () => {
    held = undefined
    holder = undefined
    onChange()
  }
  const halt = async () => {
    moves = undefined
    await camera.stop()
  }
  const stop = async () => {
    wanted++
    clearTimeout(stopping)
    await inTurn(halt)
  }

  return {
    get turns() {
      return turns ?? false
    },
    get by() {
      return holder?.person ?? null
    },
    look: () => {
      if (turns !== undefined || looking) return
      looking = true
      camera
        .turns()
        .then(
          (answer) => {
            turns = answer
            onChange()
          },
          // Whoever looks the next time asks it again.
          () => undefined,
        )
        .finally(() => {
          looking = false
        })
    },
    take: (session, person) => {
      if (holder !== undefined && holder.session !== session)
        throw new Refusal('steered-by-other', { zh: holder.person.name.zh, en: holder.person.name.en })
      const fresh = holder === undefined
      holder = { session, person }
      clearTimeout(held)
      held = setTimeout(letGo, HELD_MS)
      wanted++
      if (fresh) onChange()
      return fresh
    },
    move: async (direction) => {
      const mine = wanted
      clearTimeout(stopping)
      // The camera stops by itself if it is not told.
      stopping = setTimeout(() => void stop().catch(() => undefined), STOPS_AFTER_MS)
      await inTurn(async () => {
        if (mine !== wanted) return
        const way = direction.zoom === 0 ? 'turn' : 'zoom'
        // It goes on in the one way when it is told only of the other.
        if (moves !== undefined && moves !== way) await halt()
        moves = way
        await camera.move(direction)
      })
    },
    stop: async (session) => {
      if (holder?.session === session) await stop()
    },
    goTo: async (preset) => {
      clearTimeout(stopping)
      await inTurn(() => {
        moves = undefined
        return camera.goTo(preset)
      })
    },
    presets: () => camera.presets().catch(tellWhy),
    close: () => {
      clearTimeout(held)
      clearTimeout(stopping)
    },
  }
}

function tellWhy(error: unknown): never {
  if (error instanceof NotSteerable) throw new Refusal('camera-failed', { trouble: 'not-steerable' })
  if (!(error instanceof SoapTrouble)) throw error
  const { kind, words } = error
  throw new Refusal('camera-failed', { trouble: kind === 'fault' && words !== '' ? words : kind })
}
