import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command, Receipt, Submission } from '../../../contract/commands.ts'
import { Refusal } from '../../../contract/refusal.ts'
import { type Outbox, openOutbox } from './outbox.ts'

const busy = (unit: string): Command => ({ kind: 'unit.set-state', unit, state: 'busy' })
const units = (sent: readonly Submission[]) =>
  sent.map(({ command }) => (command.kind === 'unit.set-state' ? command.unit : ''))
const HOUR = 3_600_000

let folder: string
let now: number
let troubles: unknown[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-outbox-'))
  now = 1_800_000_000_000
  troubles = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (options: { askAgainMs?: number } = {}): Promise<Outbox> =>
  openOutbox({
    folder,
    clock: () => now,
    onChange: () => undefined,
    onTrouble: (error) => troubles.push(error),
    ...options,
  })

/** A hub that takes everything down and answers as it is told. */
function hub(answer: (submission: Submission) => Promise<Receipt> = async () => ({ seq: 1 })) {
  const sent: Submission[] = []
  return {
    sent,
    send: (submission: Submission) => {
      sent.push(submission)
      return answer(submission)
    },
  }
}

describe('the outbox', () => {
  it('delivers at once while the hub is there', async () => {
    const { sent, send } = hub(async () => ({ seq: 42 }))
    const outbox = await open()
    outbox.connect('duty', send)
    expect(await outbox.submit('duty', busy('a'))).toEqual({ kind: 'done', receipt: { seq: 42 } })
    expect(units(sent)).toEqual(['a'])
    expect(outbox.length).toBe(0)
    expect(readdirSync(join(folder, 'outbox'))).toEqual([])
  })

  it('keeps commands while the hub is away and delivers them in order, over a restart too', async () => {
    const first = await open()
    for (const unit of ['a', 'b', 'c'])
      expect(await first.submit('duty', busy(unit))).toEqual({ kind: 'queued' })
    expect(first.length).toBe(3)
    const second = await open()
    expect(second.length).toBe(3)
    const { sent, send } = hub()
    second.connect('duty', send)
    await vi.waitFor(() => expect(second.length).toBe(0))
    expect(units(sent)).toEqual(['a', 'b', 'c'])
  })

  it('delivers what was given at once in the order it was given, however long each takes to write down', async () => {
    const outbox = await open()
    const { sent, send } = hub()
    outbox.connect('duty', send)
    const names = Array.from({ length: 60 }, (_, n) =>
      `${n}`.padEnd(n % 2 === 0 ? 100_000 : 2, 'x').slice(0, 64),
    )
    await Promise.all(names.map((unit) => outbox.submit('duty', busy(unit))))
    expect(units(sent)).toEqual(names)
  })

  it('asks again while the hub is there and can’t take it down, its store being away', async () => {
    let tries = 0
    const { sent, send } = hub(async () => {
      tries += 1
      if (tries < 4) throw new Refusal('store-unavailable')
      return { seq: 7 }
    })
    const outbox = await open({ askAgainMs: 1 })
    outbox.connect('duty', send)
    expect(await outbox.submit('duty', busy('a'))).toEqual({ kind: 'done', receipt: { seq: 7 } })
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
  })

  it('knows when nothing of an officer is on its way any more, be it another’s', async () => {
    const outbox = await open()
    await outbox.submit('other', busy('x'))
    const given = [busy('a'), busy('b')].map((command) => outbox.submit('duty', command))
    const { sent, send } = hub()
    const emptied = outbox.emptied('duty').then(() => units(sent))
    outbox.connect('duty', send)
    expect(await emptied).toEqual(['a', 'b'])
    expect(outbox.countOf('other')).toBe(1)
    await Promise.all(given)
  })

  it('sends again with the same key when it does not know whether the hub heard', async () => {
    const outbox = await open()
    const lost = hub(async () => Promise.reject(new Error('connection lost')))
    outbox.connect('duty', lost.send)
    const answer = outbox.submit('duty', busy('a'))
    await vi.waitFor(() => expect(lost.sent).toHaveLength(1))
    outbox.connect('duty', undefined)
    expect(await answer).toEqual({ kind: 'queued' })
    const back = hub()
    outbox.connect('duty', back.send)
    await vi.waitFor(() => expect(outbox.length).toBe(0))
    expect(back.sent[0]?.key).toBe(lost.sent[0]?.key)
  })

  it('hands a refusal to whoever waits for the answer, and strikes the command', async () => {
    const { send } = hub(async () => Promise.reject(new Refusal('forbidden', { capability: 'task' })))
    const outbox = await open()
    outbox.connect('duty', send)
    await expect(outbox.submit('duty', busy('a'))).rejects.toMatchObject({ code: 'forbidden' })
    expect(outbox.length).toBe(0)
    expect(outbox.lapses).toEqual([])
  })

  it('tells of a refusal that nobody waited for, and goes on with the next command', async () => {
    const outbox = await open()
    for (const unit of ['refused', 'taken']) await outbox.submit('duty', busy(unit))
    const { sent, send } = hub(async ({ command }) => {
      if (command.kind === 'unit.set-state' && command.unit === 'refused')
        throw new Refusal('not-found', { what: 'unit', id: 'refused' })
      return { seq: 1 }
    })
    outbox.connect('duty', send)
    await vi.waitFor(() => expect(outbox.length).toBe(0))
    expect(units(sent)).toEqual(['refused', 'taken'])
    expect(outbox.lapses).toMatchObject([{ code: 'not-found', command: busy('refused') }])
    outbox.dismiss(outbox.lapses[0]?.id ?? '')
    expect(outbox.lapses).toEqual([])
  })

  it('counts for an officer what is theirs, whatever another has left here', async () => {
    const outbox = await open()
    await outbox.submit('before', busy('a'))
    await outbox.submit('duty', busy('b'))
    outbox.connect('duty', hub().send)
    await vi.waitFor(() => expect(outbox.countOf('duty')).toBe(0))
    expect(outbox.countOf('before')).toBe(1)
  })

  it('gives up what is older than a shift, and says so', async () => {
    const outbox = await open()
    await outbox.submit('duty', busy('old'))
    now += 13 * HOUR
    await outbox.submit('duty', busy('new'))
    const { sent, send } = hub()
    outbox.connect('duty', send)
    await vi.waitFor(() => expect(outbox.length).toBe(0))
    expect(units(sent)).toEqual(['new'])
    expect(outbox.lapses).toMatchObject([{ code: 'too-old', command: busy('old') }])
  })

  it('delivers what has happened however old it is', async () => {
    const outbox = await open()
    const record: Command = {
      kind: 'call.record',
      call: {
        id: '6f1c2f6e-4f0e-4a5c-9a50-b3c6a9a7f001',
        line: 'line-1',
        direction: 'in',
        number: '110',
        unit: null,
        startedAt: 1,
        answeredAt: null,
        endedAt: 2,
        end: 'no-answer',
        code: 408,
        quality: null,
      },
    }
    await outbox.submit('duty', record)
    now += 24 * HOUR
    const { sent, send } = hub()
    outbox.connect('duty', send)
    await vi.waitFor(() => expect(outbox.length).toBe(0))
    expect(outbox.lapses).toEqual([])
    expect(sent.map(({ command }) => command)).toEqual([record])
  })

  it('delivers nobody’s commands but those of whoever is signed in', async () => {
    const outbox = await open()
    await outbox.submit('day', busy('a'))
    const { sent, send } = hub()
    outbox.connect('night', send)
    await outbox.submit('night', busy('b'))
    expect(units(sent)).toEqual(['b'])
    expect(outbox.length).toBe(1)
  })

  it('keeps what it can’t read, which another version wrote, and delivers the rest', async () => {
    const first = await open()
    await first.submit('duty', busy('a'))
    const box = join(folder, 'outbox')
    writeFileSync(join(box, '000000000-later.json'), JSON.stringify({ key: 'of a later version' }))
    const { sent, send } = hub()
    const second = await open()
    second.connect('duty', send)
    await vi.waitFor(() => expect(units(sent)).toEqual(['a']))
    expect(troubles.length).toBe(1)
    await vi.waitFor(() => expect(readdirSync(box)).toEqual(['000000000-later.json.unread']))
  })

  it('drops what was cut off while it was written: nobody was told that it was taken', async () => {
    const outbox = await open()
    await outbox.submit('duty', busy('whole'))
    writeFileSync(join(folder, 'outbox', '000000000-torn.json'), '{"key":"00000000-0000-4')
    const again = await open()
    expect(again.length).toBe(1)
    expect(troubles).toHaveLength(1)
  })
})
