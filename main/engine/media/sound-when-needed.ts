/**
 * The sound between engine and page, loaded when the telephone or the radio opens it: its WebRTC takes longer to load
 * than most of the engine.
 */
import type { SoundPort } from '../../../contract/seat-sound.ts'
import type { PageSound } from './page-sound.ts'

export interface SoundWhenNeeded {
  readonly port: SoundPort
  /** The same each time. Rejects if it can't be loaded. */
  open(): Promise<PageSound>
  close(): Promise<void>
}

/** As long as nobody has opened it, a page that asks for offers waits. */
export function soundWhenNeeded(onTrouble: (what: string, error: unknown) => void): SoundWhenNeeded {
  const { promise: opened, resolve } = Promise.withResolvers<PageSound>()
  let loading: Promise<PageSound> | undefined
  const load = async (): Promise<PageSound> => {
    const { openPageSound } = await import('./page-sound.ts')
    const sound = openPageSound((error) => onTrouble('the sound between engine and page', error))
    resolve(sound)
    return sound
  }
  return {
    port: {
      watchOffers: async function* (signal) {
        const ended = new Promise<undefined>((tell) => {
          signal.addEventListener('abort', () => tell(undefined), { once: true })
        })
        const sound = signal.aborted ? undefined : await Promise.race([opened, ended])
        if (sound !== undefined) yield* sound.watchOffers(signal)
      },
      takeAnswer: async (answer) => (await opened).takeAnswer(answer),
    },
    open: () => {
      loading ??= load()
      return loading
    },
    close: async () => {
      const sound = await loading?.catch(() => undefined)
      sound?.close()
    },
  }
}
