/** A source's pictures, for as long as somebody looks. */
import { useEffect, useState } from 'react'
import type { Id } from '../../../contract/primitives.ts'
import { engine } from '../../app/engine.ts'
import { loadDevice } from '../../video/sfu-peer.ts'
import { openAttendance } from './attendance.ts'

const attendance = openAttendance({ video: engine.video, openDevice: loadDevice })

/** Null while nothing comes. */
export function useSource(source: Id): MediaStream | null {
  const [stream, setStream] = useState<MediaStream | null>(null)
  useEffect(() => {
    setStream(null)
    return attendance.watch(source, setStream)
  }, [source])
  return stream
}
