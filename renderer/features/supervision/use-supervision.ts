/** Does things at other seats, and keeps why the last one could not be done. */
import { useState } from 'react'
import { engine } from '../../app/engine.ts'
import { useExplain } from '../../ui/refusal.ts'

type SupervisionClient = typeof engine.supervision

export interface Doing {
  readonly busy: boolean
  /** Why the last could not be done, in words; undefined if it could. */
  readonly failure: string | undefined
  /** Resolves with whether it was done. */
  act(what: (supervision: SupervisionClient) => Promise<unknown>): Promise<boolean>
}

export function useSupervision(): Doing {
  const explain = useExplain()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  return {
    busy,
    failure,
    act: async (what) => {
      setBusy(true)
      setFailure(undefined)
      try {
        await what(engine.supervision)
        return true
      } catch (error) {
        setFailure(explain(error))
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}
