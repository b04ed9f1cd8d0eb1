/** What attachments promise, on whichever store. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fetchContent, hashOf, sendContent } from '../../contract/attachment-transfer.ts'
import {
  type Attachment,
  type AttachmentType,
  LARGEST_ATTACHMENT,
  PART_BYTES,
} from '../../contract/attachments.ts'
import type { Command } from '../../contract/commands.ts'
import type { ThreadName } from '../../contract/threads.ts'
import { type Attachments, openAttachments } from '../../hub/attachments/attachments.ts'
import { decide } from '../../hub/commands.ts'
import type { Journal } from '../../hub/journal/journal.ts'
import type { Database } from '../../hub/store/database.ts'
import { endings } from './at-end.ts'
import { assign, cityWithCrews, grade, NOW, open, step } from './incidents.ts'
import { refusalOf } from './seat.ts'
import { type Store, storedJournal } from './stored-journal.ts'

const DAY = 86_400_000
const session = (account: string) => ({ account, id: 'session' })
const incident: ThreadName = { kind: 'incident', incident: 'i1' }
const patrol: ThreadName = { kind: 'unit', unit: 'north-patrol' }
const jpeg = (bytes: number) => Uint8Array.from([0xff, 0xd8, 0xff, ...randomBytes(bytes - 3)])

export function describeAttachments(store: Store): void {
  const { atEnd, run } = endings()
  let database: Database
  let journal: Journal
  let troubles: unknown[]
  let attachments: Attachments
  let now: number
  beforeEach(async () => {
    now = NOW
    ;({ database, journal, troubles } = await storedJournal(atEnd, store, cityWithCrews, () => now))
    attachments = openAll()
    await does('supervisor', open())
    await does('supervisor', grade('I'))
  })
  afterEach(async () => {
    await run()
    expect(troubles).toEqual([])
  })

  /** As another hub on the same store has it. */
  const openAll = (seesFiled: (account: string) => boolean = () => false): Attachments => {
    const opened = openAttachments({
      database,
      journal,
      clock: () => now,
      seesFiled: async (account) => seesFiled(account),
      onTrouble: (error) => troubles.push(error),
    })
    atEnd(() => opened.close())
    return opened
  }
  const does = async (account: string, command: Command) => {
    await attachments.requireSent(account, command)
    await journal.submit({
      actor: { kind: 'account', account },
      decide: (state, at) => decide(state, command, account, at),
    })
  }
  const put = (account: string) => (part: Parameters<Attachments['port']['put']>[1]) =>
    attachments.port.put(session(account), part)
  const send = async (
    account: string,
    content = jpeg(100),
    type: AttachmentType = 'image/jpeg',
  ): Promise<Attachment> => {
    const hash = await hashOf(content)
    await sendContent(put(account), { hash, type, content })
    return { hash, type, size: content.length, name: '现场.jpg' }
  }
  const get = (account: string, { hash }: Attachment, from = attachments) =>
    fetchContent((asked) => from.port.get(session(account), asked), hash)
  const say = (thread: ThreadName, ...brought: Attachment[]): Command => ({
    kind: 'message.send',
    id: randomUUID(),
    thread,
    text: '现场图片',
    place: null,
    attachments: brought,
  })

  describe('an attachment', () => {
    it('is had, whole, by whoever reads the message that brings it along, and by nobody else', async () => {
      const content = jpeg(2 * PART_BYTES + 5)
      const picture = await send('supervisor', content)
      expect(await refusalOf(get('north-officer', picture))).toMatchObject({ code: 'not-found' })
      await does('supervisor', say(incident, picture))
      for (const account of ['supervisor', 'north-officer']) {
        const had = await get(account, picture)
        expect(had.type).toBe('image/jpeg')
        expect(Buffer.from(had.content).equals(content)).toBe(true)
      }
      for (const account of ['fire-officer', 'guest', 'north-crew', 'nobody'])
        expect(await refusalOf(get(account, picture))).toMatchObject({ code: 'not-found' })
    })

    it('is a guest’s as long as the incident is', async () => {
      const picture = await send('supervisor')
      await does('supervisor', say(incident, picture))
      await does('supervisor', { kind: 'incident.invite', incident: 'i1', account: 'guest', grant: 'g1' })
      await get('guest', picture)
      await does('supervisor', { kind: 'incident.revoke', incident: 'i1', account: 'guest', reason: '结束' })
      expect(await refusalOf(get('guest', picture))).toMatchObject({ code: 'not-found' })
    })

    it('of a unit’s crew is with those who may call it, and with the incident that it is under way for', async () => {
      await does('supervisor', assign('t1', 'north-patrol'))
      await does('supervisor', { kind: 'incident.invite', incident: 'i1', account: 'guest', grant: 'g1' })
      const said = await send('north-crew')
      await does('north-crew', say(patrol, said))
      for (const account of ['north-crew', 'north-officer', 'guest']) await get(account, said)
      for (const taken of ['receive', 'accept', 'set-out', 'arrive'] as const)
        await does('north-crew', step('t1', taken))
      const done = await send('north-crew', jpeg(200))
      await does('north-crew', {
        kind: 'task.step',
        task: 't1',
        step: 'finish',
        words: '已处置',
        attachments: [done],
      })
      for (const account of ['north-officer', 'guest']) await get(account, done)
      for (const account of ['fire-officer', 'south-crew'])
        for (const picture of [said, done])
          expect(await refusalOf(get(account, picture))).toMatchObject({ code: 'not-found' })
    })

    it('of an incident that was filed is with those who see that', async () => {
      const picture = await send('supervisor')
      await does('supervisor', say(incident, picture))
      const { live } = journal.state.incidents
      const filed = { id: 'i1', incident: live.i1, tasks: [] } as never
      await journal.submit({
        actor: { kind: 'hub' },
        decide: () => [{ kind: 'incident.filed', subject: 'incident/i1', area: null, data: filed }],
      })
      const after = openAll((account) => account === 'north-officer')
      await get('north-officer', picture, after)
      expect(await refusalOf(get('fire-officer', picture, after))).toMatchObject({ code: 'not-found' })
    })

    it('brings nobody what only its hash was known of', async () => {
      const picture = await send('supervisor')
      await does('supervisor', say(incident, picture))
      expect(await refusalOf(does('north-crew', say(patrol, picture)))).toMatchObject({ code: 'not-found' })
      expect(await refusalOf(get('north-crew', picture))).toMatchObject({ code: 'not-found' })
    })

    it('is refused in a message as what it is not', async () => {
      const picture = await send('supervisor')
      for (const other of [{ size: 99 }, { type: 'image/png' }, { hash: 'ab'.repeat(32) }] as const)
        expect(
          await refusalOf(does('supervisor', say(incident, { ...picture, ...other } as Attachment))),
        ).toMatchObject({ code: 'not-found' })
    })

    it('is kept once, and is whoever’s has sent it', async () => {
      const content = jpeg(PART_BYTES + 1)
      const [one, other] = [await send('supervisor', content), await send('north-crew', content)]
      expect(one.hash).toBe(other.hash)
      for (const account of ['supervisor', 'north-crew']) await get(account, one)
      expect(await database.rows('SELECT COUNT(*) AS parts FROM attachment_part')).toEqual([{ parts: 2 }])
    })

    it('goes on where it broke off, at another hub, too', async () => {
      const content = jpeg(3 * PART_BYTES)
      const hash = await hashOf(content)
      let sent = 0
      const breaking = sendContent(
        (part) => {
          if (sent++ === 2) throw new Error('the link broke')
          return put('north-crew')(part)
        },
        { hash, type: 'image/jpeg', content },
      )
      await expect(breaking).rejects.toThrow('the link broke')
      await attachments.close()
      attachments = openAll()
      const asked: number[] = []
      await sendContent(
        (part) => {
          asked.push(part.at)
          return put('north-crew')(part)
        },
        { hash, type: 'image/jpeg', content },
      )
      // The first part again, and then what was missing.
      expect(asked).toEqual([0, 2 * PART_BYTES])
    })

    it('is refused where its content is not what was said, and can then be sent anew', async () => {
      const [content, other] = [jpeg(100), jpeg(100)]
      const hash = await hashOf(content)
      const forged = sendContent(put('supervisor'), { hash, type: 'image/jpeg', content: other })
      expect(await refusalOf(forged)).toMatchObject({ code: 'invalid' })
      const disguised = Buffer.from('<script>alert(1)</script>\u0001')
      const script = { hash: await hashOf(Uint8Array.from(disguised)), content: disguised }
      for (const type of ['image/jpeg', 'text/plain', 'application/pdf'] as const)
        expect(await refusalOf(sendContent(put('supervisor'), { ...script, type }))).toMatchObject({
          code: 'invalid',
        })
      await send('supervisor', content)
    })

    it('is refused in parts that can’t be its own, and where too much is begun', async () => {
      const part = (size: number, at: number, bytes: number) => ({
        hash: createHash('sha256').update(randomUUID()).digest('hex'),
        type: 'image/jpeg' as const,
        size,
        at,
        data: randomBytes(bytes).toString('base64'),
      })
      for (const odd of [part(100, 0, 99), part(100, PART_BYTES, 10), part(2 * PART_BYTES, 0, 5)])
        expect(await refusalOf(put('supervisor')(odd))).toMatchObject({ code: 'invalid' })
      for (let begun = 0; begun < 8; begun++) await put('supervisor')(part(LARGEST_ATTACHMENT, 0, PART_BYTES))
      expect(await refusalOf(put('supervisor')(part(LARGEST_ATTACHMENT, 0, PART_BYTES)))).toMatchObject({
        code: 'too-many',
      })
      await put('north-officer')(part(LARGEST_ATTACHMENT, 0, PART_BYTES))
    })

    it('is not taken from who has sent many that nothing refers to', async () => {
      const all: Attachment[] = []
      for (let nth = 0; nth < 64; nth++) all.push(await send('supervisor', jpeg(50)))
      expect(await refusalOf(send('supervisor', jpeg(50)))).toMatchObject({ code: 'too-many' })
      await does('supervisor', say(incident, ...all.slice(0, 1)))
      await send('supervisor', jpeg(50))
    })

    it('goes after a day where nothing refers to it, and stays where something does', async () => {
      const [kept, unused] = [await send('supervisor'), await send('supervisor', jpeg(50))]
      await does('supervisor', say(incident, kept))
      now += DAY - 1
      await attachments.sweep()
      await get('supervisor', unused)
      now += 2
      await attachments.sweep()
      expect(await refusalOf(get('supervisor', unused))).toMatchObject({ code: 'not-found' })
      await get('north-officer', kept)
    })
  })
}
