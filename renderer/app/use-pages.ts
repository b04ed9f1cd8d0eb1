/** Asks the hub for what was, page by page, the newest first; anew when what is wanted changes, or the hub is back. */
import { useEffect, useRef, useState } from 'react'
import { refusedBy } from '../../contract/rpc.ts'
import { useApp } from './store.ts'

/** Nobody wants an answer for every letter. */
const TYPING_MS = 250

export interface Page<T, Place> {
  readonly found: readonly T[]
  /** Where the next one begins; null: there is none. */
  readonly next: Place | null
}

export interface Pages<T> {
  readonly found: readonly T[]
  /** `away`: the hub can't be asked. */
  readonly state: 'loading' | 'there' | 'away' | 'failed'
  readonly error: unknown
  /** Asks for the older ones; undefined: there are none. */
  readonly more: (() => void) | undefined
}

interface Asked<T, Place> extends Omit<Pages<T>, 'more'>, Page<T, Place> {}

/** `wanted`: all that the answer depends on; when it is another, it is asked anew. `typed`: somebody types it. */
export function usePages<T, Place>(
  page: (before: Place | null) => Promise<Page<T, Place>>,
  wanted: string,
  typed: boolean,
): Pages<T> {
  const nothing: Asked<T, Place> = { found: [], next: null, state: 'loading', error: undefined }
  const [asked, setAsked] = useState(nothing)
  const hub = useApp(({ status }) => status.link.lamps.find(({ name }) => name === 'hub')?.state)
  const turn = useRef(0)

  const ask = async (before: Place | null, sofar: readonly T[]) => {
    const own = ++turn.current
    setAsked((last) => ({ ...last, state: 'loading' }))
    const take = (next: Asked<T, Place>) => {
      // Something else has been asked meanwhile.
      if (own === turn.current) setAsked(next)
    }
    try {
      const { found, next } = await page(before)
      take({ ...nothing, found: [...sofar, ...found], next, state: 'there' })
    } catch (error) {
      const away = refusedBy(error)?.code === 'hub-unreachable'
      take({ ...nothing, found: sofar, state: away ? 'away' : 'failed', error })
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked depends on these, and on nothing else.
  useEffect(() => {
    const timer = window.setTimeout(() => void ask(null, []), typed ? TYPING_MS : 0)
    return () => window.clearTimeout(timer)
  }, [wanted, hub])
  useEffect(
    () => () => {
      turn.current = -1
    },
    [],
  )

  const { found, next, state, error } = asked
  return { found, state, error, more: next === null ? undefined : () => void ask(next, found) }
}
