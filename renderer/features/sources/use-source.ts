/** A source's pictures, for as long as somebody looks. */
import { useEffect, useState } from 'react'
import type { Id } from '../../../contract/primitives.ts'
import { engine } from '../../app/engine.ts'
import { openAttendance } from './attendance.ts'

const attendance = openAttendance({
  video: engine.video,
  openDevice: async () => {
    // Most shifts begin without video: it is loaded when it is needed.
    const { Device } = await import('mediasoup-client')
    return new Device({ handlerName: 'Chrome111' })
  },
})

/** Null while nothing comes. */
export function useSource(source: Id): MediaStream | null {
  const [stream, setStream] = useState<MediaStream | null>(null)
  useEffect(() => {
    setStream(null)
    return attendance.watch(source, setStream)
  }, [source])
  return stream
}
