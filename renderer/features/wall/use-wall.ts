/** The officer's wall, and what changes it. */
import { App } from 'antd'
import type { Id } from '../../../contract/primitives.ts'
import type { Wall } from '../../../contract/wall.ts'
import { useApp } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'
import { keepWall, showOnWall } from './show-on-wall.ts'
import { officersWall } from './slice.ts'

export function useWall(): readonly [Wall, (next: Wall) => void] {
  const wall = useApp(officersWall)
  const tell = useTell()
  return [wall, (next) => void keepWall(next).catch(tell)]
}

export function useShowOnWall(): (sources: readonly Id[]) => void {
  const tell = useTell()
  return (sources) => void showOnWall(sources).catch(tell)
}

function useTell(): (error: unknown) => void {
  const { message } = App.useApp()
  const explain = useExplain()
  return (error) => void message.error(explain(error))
}
