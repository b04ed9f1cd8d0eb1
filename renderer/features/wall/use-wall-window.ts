/** The wall's own window, which main opens and closes as the seat's settings say. */
import type { WallWindow } from '../../../contract/wall.ts'
import { useApp } from '../../app/store.ts'
import { useChangeSettings } from '../settings/display-settings.tsx'

export function useWallWindow(): readonly [WallWindow, (wanted: WallWindow) => void] {
  const now = useApp(({ settings }) => settings.seat.wallWindow)
  const change = useChangeSettings()
  return [now, (wallWindow) => change({ wallWindow })]
}
