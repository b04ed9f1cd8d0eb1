/** A button that talks while it is pressed. */
import type { ReactNode } from 'react'
import type { Id } from '../../../contract/primitives.ts'
import { useApp } from '../../app/store.ts'
import { HoldButton } from '../../ui/hold-button.tsx'
import { endKey, pressKey, releaseKey } from './talk.ts'

interface PushToTalkProps {
  /** What its key is called. */
  readonly name: string
  readonly channels: readonly Id[]
  readonly className: string | undefined
  /** What it is for, with what it says; undefined: it says so itself. */
  readonly label?: string
  readonly title: string
  readonly children: ReactNode
}

export function PushToTalk({ name, channels, ...looks }: PushToTalkProps) {
  const down = useApp(({ radio }) => name in radio.held)
  return (
    <HoldButton
      {...looks}
      key={name}
      down={down}
      disabled={channels.length === 0}
      press={() => pressKey(name, channels)}
      release={() => releaseKey(name)}
      gone={() => endKey(name)}
    />
  )
}
