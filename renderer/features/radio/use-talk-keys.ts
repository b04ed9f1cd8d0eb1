/** Talking with the keyboard: the space bar and the function keys, as long as the console is on the screen. */
import { App } from 'antd'
import { useEffect, useRef } from 'react'
import type { Id } from '../../../contract/primitives.ts'
import { functionKeys } from '../../../contract/radio-settings.ts'
import { store } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'
import { focusOf, meaningOfDown } from './key-events.ts'
import { functionKeysOf, selectedChannels } from './selectors.ts'
import { keyMoved } from './slice.ts'
import { followKeys, pressKey, releaseKey } from './talk.ts'

/** Whom a key talks to; undefined: it is not one to talk with here. */
function channelsOf(code: string): readonly Id[] | undefined {
  const state = store.getState()
  if (state.radio.radio.channels.length === 0) return undefined
  if (code === 'Space') return selectedChannels(state)
  const key = functionKeys.find((name) => name === code)
  const channel = key === undefined ? undefined : functionKeysOf(state).get(key)
  const heard = state.radio.radio.channels.some(({ id }) => id === channel)
  return channel === undefined || !heard ? undefined : [channel]
}

/** Nobody else sees it: what has the focus is not pressed as well. */
function claim(event: KeyboardEvent): void {
  event.preventDefault()
  event.stopImmediatePropagation()
}

export function useTalkKeys(): void {
  const { message } = App.useApp()
  const explain = useExplain()
  const refused = useRef<(error: unknown) => void>(() => undefined)
  refused.current = (error) => void message.error(explain(error))
  useEffect(() => {
    const stopFollowing = followKeys((error) => refused.current(error))
    /** Went down as ours: whatever else listens does not see them come up either. */
    const ours = new Set<string>()
    const onDown = (event: KeyboardEvent) => {
      const { code, repeat, ctrlKey, altKey, metaKey } = event
      const stroke = { code, repeat, modified: ctrlKey || altKey || metaKey }
      const meaning = meaningOfDown(stroke, focusOf(document.activeElement), ours.has(code), channelsOf)
      if (meaning.kind === 'none') return
      claim(event)
      ours.add(code)
      if (meaning.kind === 'press') pressKey(code, meaning.channels)
    }
    const onUp = (event: KeyboardEvent) => {
      if (!ours.delete(event.code)) return
      claim(event)
      releaseKey(event.code)
    }
    const onLost = () => {
      ours.clear()
      store.dispatch(keyMoved({ kind: 'lost' }))
    }
    const onHidden = () => {
      if (document.hidden) onLost()
    }
    window.addEventListener('keydown', onDown, { capture: true })
    window.addEventListener('keyup', onUp, { capture: true })
    window.addEventListener('blur', onLost)
    window.addEventListener('pagehide', onLost)
    document.addEventListener('visibilitychange', onHidden)
    return () => {
      window.removeEventListener('keydown', onDown, { capture: true })
      window.removeEventListener('keyup', onUp, { capture: true })
      window.removeEventListener('blur', onLost)
      window.removeEventListener('pagehide', onLost)
      document.removeEventListener('visibilitychange', onHidden)
      stopFollowing()
    }
  }, [])
}
