import { describe, expect, it } from 'vitest'
import type { FieldAct, FieldSubmission } from '../contract/field.ts'
import { openOutbox } from './outbox.ts'

const available: FieldAct = { kind: 'state', state: 'available' }
const offDuty: FieldAct = { kind: 'state', state: 'off-duty' }

/** A phone whose link stands or not; `page()` is loaded anew each time, over the same storage. */
function phone() {
  const stored = new Map<string, string>()
  const done: FieldSubmission[] = []
  const refused: FieldAct[] = []
  const link = { stands: false, refuses: false }
  let keys = 0
  const page = (account = 'north-crew') =>
    openOutbox({
      account,
      storage: {
        getItem: (name) => stored.get(name) ?? null,
        setItem: (name, value) => void stored.set(name, value),
      },
      newKey: () => `00000000-0000-4000-8000-${String(++keys).padStart(12, '0')}`,
      send: async (submission) => {
        if (!link.stands) return { kind: 'again' }
        if (link.refuses) return { kind: 'refused', refused: { code: 'forbidden', particulars: {} } }
        done.push(submission)
        return { kind: 'done' }
      },
      onChange: () => undefined,
      onRefused: (act) => refused.push(act),
    })
  return { link, done, refused, stored, page }
}

describe('what is said in the field', () => {
  it('goes to the hub at once where there is a link', async () => {
    const { link, done, page } = phone()
    link.stands = true
    const outbox = page()
    outbox.say(available)
    await outbox.flush()
    expect(done.map(({ act }) => act)).toEqual([available])
    expect(outbox.waiting).toEqual([])
  })

  it('without a link waits, survives the page, and goes out in order and under its own keys', async () => {
    const { link, done, page } = phone()
    const before = page()
    before.say(available)
    before.say(offDuty)
    await before.flush()
    expect(done).toEqual([])
    const after = page()
    const keys = after.waiting.map(({ key }) => key)
    link.stands = true
    await after.flush()
    expect(done.map(({ act }) => act)).toEqual([available, offDuty])
    expect(done.map(({ key }) => key)).toEqual(keys)
    expect(page().waiting).toEqual([])
  })

  it('by one goes out in nobody else’s name', async () => {
    const { link, done, page } = phone()
    page().say(available)
    link.stands = true
    await page('south-crew').flush()
    expect(done).toEqual([])
  })

  it('that is refused is told, and does not hold up what comes after it', async () => {
    const { link, done, refused, page } = phone()
    link.stands = true
    link.refuses = true
    const outbox = page()
    outbox.say(offDuty)
    await outbox.flush()
    expect(refused).toEqual([offDuty])
    link.refuses = false
    outbox.say(available)
    await outbox.flush()
    expect(done.map(({ act }) => act)).toEqual([available])
  })

  it('in a way that nobody understands any more is given up', () => {
    const { stored, page } = phone()
    for (const rubbish of ['{', '[{"key":1}]', 'null']) {
      stored.set('watchfloor-outbox/north-crew', rubbish)
      expect(page().waiting).toEqual([])
    }
  })
})
