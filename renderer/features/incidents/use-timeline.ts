/** Asks the hub for the timeline of an incident, page by page, anew when there is more of it. */
import { useEffect, useRef, useState } from 'react'
import type { TimelineEntry } from '../../../contract/incident-history.ts'
import type { Id } from '../../../contract/primitives.ts'
import { refusedBy } from '../../../contract/rpc.ts'
import { engine } from '../../app/engine.ts'
import { useApp } from '../../app/store.ts'

/** Where the hub did not let it be followed. */
const FOLLOW_AGAIN_MS = 2_000

export interface TimelineView {
  /** The newest first. */
  readonly entries: readonly TimelineEntry[]
  /** `away`: the hub can't be asked. */
  readonly state: 'loading' | 'there' | 'away' | 'failed'
  readonly error: unknown
  readonly more: (() => void) | undefined
}

interface Asked extends Omit<TimelineView, 'more'> {
  readonly next: number | null
}

export function useTimeline(incident: Id): TimelineView {
  const [asked, setAsked] = useState<Asked>({ entries: [], next: null, state: 'loading', error: undefined })
  const hub = useApp(({ status }) => status.link.lamps.find(({ name }) => name === 'hub')?.state)
  const turn = useRef(0)

  const ask = async (before: number | null, sofar: readonly TimelineEntry[]) => {
    const own = ++turn.current
    const take = (next: Asked) => {
      if (own === turn.current) setAsked(next)
    }
    try {
      const page = await engine.incidents.timeline.query({ incident, before })
      take({ entries: [...sofar, ...page.entries], next: page.next, state: 'there', error: undefined })
    } catch (error) {
      const away = refusedBy(error)?.code === 'hub-unreachable'
      take({ entries: sofar, next: null, state: away ? 'away' : 'failed', error })
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked depends on these, and on nothing else.
  useEffect(() => {
    let timer: number | undefined
    let following: { unsubscribe(): void } | undefined
    const follow = () => {
      const again = () => {
        // Which says why.
        void ask(null, [])
        timer = window.setTimeout(follow, FOLLOW_AGAIN_MS)
      }
      following = engine.incidents.watchTimeline.subscribe(
        { incident },
        { onData: () => void ask(null, []), onError: again, onComplete: again },
      )
    }
    follow()
    return () => {
      window.clearTimeout(timer)
      following?.unsubscribe()
    }
  }, [incident, hub])
  useEffect(
    () => () => {
      turn.current = -1
    },
    [],
  )
  const { entries, next, state, error } = asked
  return { entries, state, error, more: next === null ? undefined : () => void ask(next, entries) }
}
