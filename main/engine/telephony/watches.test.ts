import { expect, it } from 'vitest'
import type { NumberState } from '../../../contract/favourites.ts'
import { type NumberWatcher, Watches } from './watches.ts'

/** One that says what a test has it say. */
function watcher() {
  const ears = new Map<string, (state: NumberState) => void>()
  const own: NumberWatcher = {
    watch: (number, hear) => {
      ears.set(number, hear)
      hear('unknown')
      return () => ears.delete(number)
    },
  }
  return { own, ears }
}

it('tells what a number is doing through whatever serves now', () => {
  const [first, second] = [watcher(), watcher()]
  const watches = new Watches()
  const heard: NumberState[] = []
  watches.use(first.own)
  const stop = watches.watch('60001', (state) => heard.push(state))
  first.ears.get('60001')?.('busy')
  watches.use(second.own)
  expect(first.ears.size).toBe(0)
  second.ears.get('60001')?.('idle')
  expect(heard).toEqual(['unknown', 'busy', 'unknown', 'idle'])
  stop()
  expect(second.ears.size).toBe(0)
})

it('knows nothing as long as nothing can be asked, whatever was heard before', () => {
  const { own, ears } = watcher()
  const watches = new Watches()
  const heard: NumberState[] = []
  watches.watch('60001', (state) => heard.push(state))
  watches.use(own)
  ears.get('60001')?.('idle')
  watches.use(undefined)
  expect(heard).toEqual(['unknown', 'unknown', 'idle', 'unknown'])
  watches.use(own)
  expect(ears.size).toBe(1)
})
