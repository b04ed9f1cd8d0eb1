/** A source on a screen of the page, for as long as the screen is there. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { Id } from '../../../contract/primitives.ts'
import { loadDevice } from '../../../meeting/sfu-peer.ts'
import { engine } from '../../app/engine.ts'
import { page } from '../../app/page.ts'
import { openRoomEars } from '../../audio/room-ears.ts'
import { usePicture } from '../../video/use-picture.ts'
import { type Coming, nothingComes, openAttendance, type Watching } from './attendance.ts'

const attendance = openAttendance({
  page,
  video: engine.video,
  openEars: openRoomEars,
  openDevice: loadDevice,
})

/** `listens`: its sound is to be heard, too. */
export function useSource(
  source: Id,
  screen: RefObject<HTMLVideoElement | null>,
  listens = false,
): { readonly isLive: boolean; readonly hasSound: boolean } {
  const [coming, setComing] = useState<Coming>(nothingComes)
  const [playing, setPlaying] = useState<MediaStream | null>(null)
  const watching = useRef<Watching>(undefined)
  const { picture, hasSound } = coming
  useEffect(() => {
    const begun = attendance.watch(source, setComing)
    watching.current = begun
    return () => {
      watching.current = undefined
      begun.end()
    }
  }, [source])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another source is watched anew, and has to be told.
  useEffect(() => watching.current?.listen(listens), [source, listens])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above.
  const see = useCallback((width: number | null) => watching.current?.see(width), [source])
  usePicture(screen, picture, see)
  useEffect(() => {
    const video = screen.current
    if (video === null) return
    const plays = () => setPlaying(video.srcObject as MediaStream | null)
    video.addEventListener('playing', plays)
    return () => video.removeEventListener('playing', plays)
  }, [screen])
  return { isLive: picture !== null && playing === picture, hasSound }
}
