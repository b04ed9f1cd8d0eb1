/** Asks the hub for the calls that were, anew when the filter or the seat's own calls change. */
import type { CallPlace } from '../../../../contract/call-history.ts'
import { engine } from '../../../app/engine.ts'
import { useApp } from '../../../app/store.ts'
import { type Pages, usePages } from '../../../app/use-pages.ts'
import { type Entry, type Filter, ofRecord } from './entries.ts'

export function useCallHistory(filter: Filter): Pages<Entry> {
  const newest = useApp(({ telephony }) => telephony.history[0]?.id)
  const page = async (before: CallPlace | null) => {
    const { calls, next } = await engine.history.calls.query({ ...filter, before })
    return { found: calls.map(ofRecord), next }
  }
  return usePages(page, JSON.stringify([filter, newest]), filter.text !== '')
}
