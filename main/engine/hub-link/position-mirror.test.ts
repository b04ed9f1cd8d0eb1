import { describe, expect, it } from 'vitest'
import { encodeFrame, type FrameRecord, readFrame } from '../../../contract/position-frame.ts'
import { createPositionMirror } from './position-mirror.ts'

const record = (index: number, age = 0): FrameRecord => ({
  index,
  lat: index,
  lon: 1,
  heading: 0,
  speed: 0,
  age,
  stale: false,
})
const frame = (records: readonly FrameRecord[], reset = false): ArrayBuffer =>
  encodeFrame({ reset, tick: 1, hubTime: 5 }, records.length, (at) => records[at] as FrameRecord).slice()
    .buffer

function page() {
  const over = new AbortController()
  const heard: { reset: boolean; ages: Record<number, number> }[] = []
  const send = (bytes: Uint8Array) => {
    const ages: Record<number, number> = {}
    const read = readFrame(bytes)
    read?.each(({ index, age }) => {
      ages[index] = age
    })
    heard.push({ reset: read?.reset ?? false, ages })
  }
  return { heard, sink: { send, waiting: 0, closed: over.signal }, leave: () => over.abort() }
}

describe('the positions at a seat', () => {
  it('reach a page that comes later all at once, older by the time that went by', () => {
    let now = 0
    const mirror = createPositionMirror(() => now)
    mirror.take(frame([record(1, 4), record(2)], true))
    now = 3000
    mirror.take(frame([record(2)]))
    now = 5000
    const { heard, sink } = page()
    mirror.join(sink)
    expect(heard).toEqual([{ reset: true, ages: { 1: 9, 2: 2 } }])
  })

  it('go on to a page that is there, and no more to one that left', () => {
    const mirror = createPositionMirror(() => 0)
    const { heard, sink, leave } = page()
    mirror.join(sink)
    mirror.take(frame([record(1)]))
    leave()
    mirror.take(frame([record(2)]))
    expect(heard).toEqual([
      { reset: true, ages: {} },
      { reset: false, ages: { 1: 0 } },
    ])
  })

  it('are forgotten at a reset and when the officer leaves', () => {
    const mirror = createPositionMirror(() => 0)
    mirror.take(frame([record(1), record(2)]))
    mirror.take(frame([record(2)], true))
    const { heard, sink } = page()
    mirror.join(sink)
    mirror.forget()
    expect(heard).toEqual([
      { reset: true, ages: { 2: 0 } },
      { reset: true, ages: {} },
    ])
  })

  it('are not touched by bytes that are no frame', () => {
    const mirror = createPositionMirror(() => 0)
    const { heard, sink } = page()
    mirror.join(sink)
    mirror.take(new Uint8Array([1, 2, 3]).buffer)
    expect(heard).toHaveLength(1)
  })
})
