/** Two soft notes when something of one's own becomes overdue: heard once for each, and only by who has to do with it. */
import { useEffect, useRef } from 'react'
import { useApp } from '../../app/store.ts'
import { playOn } from '../../audio/output.ts'
import { isMine } from './board.ts'
import { softNotes } from './soft-notes.ts'

export function useOverdueTone(): void {
  const { live, tasks } = useApp(({ shared }) => shared.state.incidents)
  const known = useApp(({ shared }) => shared.known)
  const account = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account.id : undefined,
  )
  const heard = useRef<ReadonlySet<string>>(undefined)
  useEffect(() => {
    if (!known || account === undefined) return
    const late = new Set(
      [
        ...Object.values(live).map((incident) => ({ incident, ...incident })),
        ...Object.values(tasks).map((task) => ({ ...task, incident: live[task.incident] })),
      ].flatMap(({ incident, id, state, overdue }) =>
        overdue && incident !== undefined && isMine(incident, account) ? [`${id} ${state}`] : [],
      ),
    )
    const before = heard.current
    heard.current = late
    // What was overdue when one came is seen, not heard.
    if (before !== undefined && [...late].some((one) => !before.has(one)))
      // A seat without sound has nothing to play it on; it is seen all the same.
      playOn('ring', softNotes(660, 495), 1).catch(() => undefined)
  }, [live, tasks, known, account])
}
