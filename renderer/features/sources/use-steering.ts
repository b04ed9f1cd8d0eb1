/** Turns a camera while something is held, and says what it did not do. */
import { App } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Id } from '../../../contract/primitives.ts'
import { type Direction, MOVE_AGAIN_MS, type SteeringAct } from '../../../contract/steering.ts'
import { engine } from '../../app/engine.ts'
import { useExplain } from '../../ui/refusal.ts'

export interface Steering {
  /** What is held. */
  readonly held: string | undefined
  /** Goes on in this direction until `release`. */
  hold(what: string, direction: Direction): void
  release(): void
  goTo(preset: string): void
}

export function useSteering(source: Id): Steering {
  const { message } = App.useApp()
  const explain = useExplain()
  const [held, setHeld] = useState<string>()
  const again = useRef<number>(undefined)

  const steer = (act: SteeringAct) =>
    engine.video.sources.steer.mutate({ source, act }).catch((error) => {
      if (act.kind === 'move') {
        window.clearInterval(again.current)
        setHeld(undefined)
      }
      message.error({ key: `steering/${source}`, content: explain(error) })
    })
  const release = () => {
    if (again.current === undefined) return
    window.clearInterval(again.current)
    again.current = undefined
    setHeld(undefined)
    void steer({ kind: 'stop' })
  }
  const last = useRef(release)
  last.current = release
  // What is not shown any more is not held any more either.
  useEffect(() => () => last.current(), [])
  return {
    held,
    hold: (what, direction) => {
      window.clearInterval(again.current)
      const move = () => void steer({ kind: 'move', direction })
      again.current = window.setInterval(move, MOVE_AGAIN_MS)
      setHeld(what)
      move()
    },
    release,
    goTo: (preset) => {
      release()
      void steer({ kind: 'go-to', preset })
    },
  }
}
