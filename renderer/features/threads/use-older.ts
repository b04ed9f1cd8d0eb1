/** What was said before what the shared state keeps of a thread: asked of the hub page by page. */
import { App } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { type Message, type Thread, type ThreadName, threadKey } from '../../../contract/threads.ts'
import { engine } from '../../app/engine.ts'
import { useExplain } from '../../ui/refusal.ts'
import { withoutGaps } from './without-gaps.ts'

export interface Older {
  /** All that is known here, the newest last. */
  readonly messages: readonly Message[]
  /** Undefined: there is nothing before. */
  readonly more: (() => void) | undefined
  readonly loading: boolean
}

/** `sought`: pages are asked for until this message is among them. */
export function useOlder(name: ThreadName, thread: Thread | undefined, sought: string | null): Older {
  const { message } = App.useApp()
  const explain = useExplain()
  const known = useRef(new Map<string, Message>())
  const [pages, setPages] = useState(0)
  const [loading, setLoading] = useState(false)
  const [isWhole, setWhole] = useState(false)
  const [hasFailed, setFailed] = useState(false)
  const lately = thread?.messages
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page more is kept in what is known.
  const messages = useMemo(() => {
    for (const each of lately ?? []) known.current.set(each.id, each)
    return withoutGaps([...known.current.values()].toSorted((a, b) => a.number - b.number))
  }, [lately, pages])
  const first = messages[0]
  const hasMore = !isWhole && first !== undefined && first.number > 1
  const more = async () => {
    if (loading || first === undefined) return
    setLoading(true)
    try {
      const page = await engine.history.messages.query({ thread: name, text: '', before: first.id })
      for (const each of page.messages) known.current.set(each.id, each)
      setPages((before) => before + 1)
      setWhole(page.next === null)
      setFailed(false)
    } catch (error) {
      setFailed(true)
      message.error({ key: `older/${threadKey(name)}`, content: explain(error) })
    } finally {
      setLoading(false)
    }
  }
  const missing = sought !== null && hasMore && !hasFailed && !known.current.has(sought)
  // biome-ignore lint/correctness/useExhaustiveDependencies: one page after the other, until it is there.
  useEffect(() => {
    if (missing && !loading) void more()
  }, [missing, loading, pages])
  return { messages, more: hasMore ? () => void more() : undefined, loading }
}
