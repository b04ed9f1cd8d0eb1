/** Asks the hub for the calls that were, page by page, anew when the filter or the seat's own calls change. */
import { useEffect, useRef, useState } from 'react'
import type { CallPlace } from '../../../../contract/call-history.ts'
import { refusedBy } from '../../../../contract/rpc.ts'
import { engine } from '../../../app/engine.ts'
import { useApp } from '../../../app/store.ts'
import { type Entry, type Filter, ofRecord } from './entries.ts'

/** Nobody wants an answer for every letter. */
const TYPING_MS = 250

export interface CallHistory {
  readonly found: readonly Entry[]
  /** `away`: the hub can't be asked. */
  readonly state: 'loading' | 'there' | 'away' | 'failed'
  readonly error: unknown
  /** Asks for the older ones; undefined: there are none. */
  readonly more: (() => void) | undefined
}

interface Asked {
  readonly found: readonly Entry[]
  readonly next: CallPlace | null
  readonly state: CallHistory['state']
  readonly error: unknown
}

const nothing: Asked = { found: [], next: null, state: 'loading', error: undefined }

export function useCallHistory(filter: Filter): CallHistory {
  const [asked, setAsked] = useState(nothing)
  const newest = useApp(({ telephony }) => telephony.history[0]?.id)
  const hub = useApp(({ status }) => status.link.lamps.find(({ name }) => name === 'hub')?.state)
  const turn = useRef(0)
  const wanted = JSON.stringify(filter)

  const ask = async (before: CallPlace | null, sofar: readonly Entry[]) => {
    const own = ++turn.current
    setAsked((last) => ({ ...last, state: 'loading' }))
    const take = (next: Asked) => {
      // Something else has been asked meanwhile.
      if (own === turn.current) setAsked(next)
    }
    try {
      const page = await engine.history.calls.query({ ...filter, before })
      take({ ...nothing, found: [...sofar, ...page.calls.map(ofRecord)], next: page.next, state: 'there' })
    } catch (error) {
      const away = refusedBy(error)?.code === 'hub-unreachable'
      take({ ...nothing, found: sofar, state: away ? 'away' : 'failed', error })
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked depends on these, and on nothing else.
  useEffect(() => {
    const timer = window.setTimeout(() => void ask(null, []), filter.text === '' ? 0 : TYPING_MS)
    return () => window.clearTimeout(timer)
  }, [wanted, newest, hub])
  useEffect(
    () => () => {
      turn.current = -1
    },
    [],
  )

  const { found, next, state, error } = asked
  return { found, state, error, more: next === null ? undefined : () => void ask(next, found) }
}
