/** What a thread is called: its incident, its unit, its group, its room, or the other officers. */
import { type ThreadName, threadKey } from '../../../contract/threads.ts'
import { listed, named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'

export function ThreadTitle({ thread }: { thread: ThreadName }) {
  return useApp(({ shared: { state }, rooms, session: { session } }) => {
    if (thread.kind === 'room') return rooms.list?.find(({ id }) => id === thread.room)?.name ?? thread.room
    if (thread.kind === 'officers') {
      const own = session?.kind === 'signed-in' ? session.account.id : undefined
      const others = thread.officers.filter(({ account }) => account !== own)
      return listed(others.map(({ name }) => named(name)))
    }
    if (thread.kind === 'group') return state.threads[threadKey(thread)]?.group?.name ?? '…'
    if (thread.kind === 'unit') {
      const unit = state.directory.units[thread.unit]
      return unit === undefined ? thread.unit : named(unit.name)
    }
    const incident = state.incidents.live[thread.incident]
    return incident === undefined ? thread.incident : `#${incident.number} ${incident.title}`
  })
}
