import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ListeningMode } from '../../contract/supervision.ts'
import {
  CALL,
  call,
  listenOnly,
  OTHER_CALL,
  type Seat,
  supervisionHub,
  VOICE,
} from '../../tests/support/supervision-hub.ts'

describe('whatever happens, in whatever order', () => {
  it('every act is journalled before it is asked for, and ends once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyDeed, { minLength: 5, maxLength: 40 }), async (deeds) => {
        const { journal, seat, close } = supervisionHub({}, [listenOnly])
        const people = await Promise.all([
          seat('north-officer', [call(), call({ id: OTHER_CALL, state: 'waiting' })]),
          seat('fire-officer', [call({ id: OTHER_CALL })]),
          seat('supervisor'),
          seat('guest'),
        ])
        const pick = (at: number) => people[at % people.length] as Seat
        for (const { deed, who, whom, mode } of deeds) {
          const [self, other] = [pick(who), pick(whom)]
          const settled = () => undefined
          const id = self.orders.flatMap((order) => ('id' in order ? [order.id] : [])).at(-1) ?? CALL
          if (deed === 'supervise') void self.supervise(other, mode).catch(settled)
          else if (deed === 'change') void self.change(id, mode).catch(settled)
          else if (deed === 'release') void self.release(other).catch(settled)
          else if (deed === 'pick-up') void self.pickUp(other, ['chief-line'], OTHER_CALL).catch(settled)
          else if (self.left) continue
          else if (deed === 'end') self.end(id)
          else if (deed === 'answer') self.done(id, VOICE)
          else if (deed === 'refuse') self.refuse(self.orders.at(-1), 'call-over')
          else if (deed === 'hang up') self.tell([])
          else if (deed === 'call') self.tell([call()])
          else if (deed === 'leave') self.leave()
          else
            await journal.happens({
              kind: 'grant.ended',
              subject: 'grant/ear',
              area: null,
              data: { id: 'ear', reason: 'x' },
            })
          if (mode !== 'barge') await nextTurn()
        }
        for (const person of people) person.leave()
        await nextTurn()
        await close()
        const ids = new Set(journal.acts().map(({ id }) => id))
        for (const id of ids) {
          const story = journal.acts().filter((each) => each.id === id)
          expect(story[0]?.kind).toBe('supervision.begun')
          expect(story.at(-1)?.kind).toBe('supervision.ended')
          expect(story.slice(1, -1).every(({ kind }) => kind === 'supervision.changed')).toBe(true)
        }
        for (const person of people)
          for (const { order, after } of person.heard) {
            if (order.kind === 'attending') continue
            const story = after.filter((each) => each.id === order.id)
            expect(story[0]?.kind).toBe('supervision.begun')
            if (order.kind === 'change') expect(story.at(-1)?.mode).toBe(order.mode)
            if (order.kind !== 'end') expect(story[0]?.account).toBe(person.account)
          }
      }),
      { numRuns: 150 },
    )
  })
})

const anyDeed = fc.record({
  deed: fc.constantFrom(
    'supervise',
    'supervise',
    'answer',
    'answer',
    'change',
    'release',
    'pick-up',
    'end',
    'refuse',
    'hang up',
    'call',
    'leave',
    'grant ends',
  ),
  who: fc.nat(3),
  whom: fc.nat(3),
  mode: fc.constantFrom<ListeningMode>('listen', 'whisper', 'barge'),
})
