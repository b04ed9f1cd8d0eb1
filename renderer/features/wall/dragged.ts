/** Sources on their way to a place of the wall, by the mouse: from another place, a unit, or a picture. */
import type { DragEvent } from 'react'
import type { Id } from '../../../contract/primitives.ts'

const SOURCES = 'application/x-watchfloor-sources'

export const drag = ({ dataTransfer }: DragEvent, sources: readonly Id[]): void =>
  dataTransfer.setData(SOURCES, sources.join('\n'))

/** What they are is told only once they are dropped. */
export const isDragged = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes(SOURCES)

/** Those that were dropped, in their order. What comes from elsewhere may be anything. */
export const dropped = ({ dataTransfer }: DragEvent): readonly Id[] =>
  dataTransfer.getData(SOURCES).split('\n')
