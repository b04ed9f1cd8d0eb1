/** Keeps a key down at the engine for every key that is down here: a subscription that ends when the key comes up. */
import type { Id } from '../../../contract/primitives.ts'
import { refusedBy } from '../../../contract/rpc.ts'
import { engine } from '../../app/engine.ts'
import { store } from '../../app/store.ts'
import type { Press } from './keying.ts'
import { keyMoved } from './slice.ts'

interface Talk {
  readonly press: Press
  end: () => void
}

/** `refused`: is told why a key could not be pressed at all. Returns its own undoing, which lets go all. */
export function followKeys(refused: (error: unknown) => void): () => void {
  const talks = new Map<string, Talk>()
  const settle = () => {
    const { held } = store.getState().radio
    for (const [key, { press, end }] of talks) {
      if (held[key] === press) continue
      talks.delete(key)
      end()
    }
    for (const [key, press] of Object.entries(held)) {
      if (talks.has(key)) continue
      const talk: Talk = { press, end: () => undefined }
      talks.set(key, talk)
      // It may be over before this returns.
      talk.end = begin(press, (error) => {
        if (talks.get(key) !== talk) return
        endKey(key)
        // Where the engine has gone the page says so already.
        if (refusedBy(error) !== undefined) refused(error)
      })
    }
  }
  const stop = store.subscribe(settle)
  return () => {
    stop()
    store.dispatch(keyMoved({ kind: 'lost' }))
    for (const { end } of talks.values()) end()
    talks.clear()
  }
}

function begin({ channels, emergency }: Press, ended: (error?: unknown) => void): () => void {
  const talk = engine.radio.talk.subscribe(
    { channels: [...channels], emergency },
    { context: { prompt: true }, onComplete: () => ended(), onError: ended },
  )
  return () => talk.unsubscribe()
}

/** A key goes down here, in the officer's own way of talking. */
export function pressKey(key: string, channels: readonly Id[]): void {
  const { radio, settings } = store.getState()
  const { mode } = settings.seat.pushToTalk
  const press = { channels, emergency: radio.urgent, mode, at: Date.now() }
  store.dispatch(keyMoved({ kind: 'pressed', key, press }))
}

export const releaseKey = (key: string): void => void store.dispatch(keyMoved({ kind: 'released', key }))

/** Whether it is held or latched. */
export const endKey = (key: string): void => void store.dispatch(keyMoved({ kind: 'ended', key }))
