/** The wall's own window, which main opens and closes as the seat's settings say. */
import type { WallWindow } from '../../../contract/wall.ts'
import { engine } from '../../app/engine.ts'
import { useApp } from '../../app/store.ts'
import { useDoing } from '../../app/use-doing.ts'

export function useWallWindow(): readonly [WallWindow, (wanted: WallWindow) => void] {
  const now = useApp(({ settings }) => settings.seat.wallWindow)
  const act = useDoing(engine.settings)
  return [now, (wallWindow) => void act((settings) => settings.change.mutate({ wallWindow }))]
}
