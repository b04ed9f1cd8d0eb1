/** The microphone as a component has it: open as long as the component is there. */
import { useEffect, useState } from 'react'
import { meterOf } from './meter.ts'
import { holdMicrophone } from './microphone.ts'

interface OwnMicrophone {
  /** Null: there is none; undefined: not opened yet. */
  readonly track: MediaStreamTrack | null | undefined
  /** Root mean square, 0 to 1. */
  level(): number
}

export function useMicrophone(): OwnMicrophone {
  const [own, setOwn] = useState<OwnMicrophone>({ track: undefined, level: () => 0 })
  useEffect(() => {
    let meter: ReturnType<typeof meterOf> | undefined
    const release = holdMicrophone((track) => {
      meter?.close()
      meter = track === null ? undefined : meterOf(track)
      setOwn({ track, level: meter?.level ?? (() => 0) })
    })
    return () => {
      release()
      meter?.close()
    }
  }, [])
  return own
}
