import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Command } from '../../contract/commands.ts'
import { siteDocumentSchema } from '../../contract/site.ts'
import { PLAYED_CREWS } from '../../lab/city/demo-site.ts'
import { openFieldCrews } from '../../lab/field-crews.ts'
import { endings } from '../support/at-end.ts'
import { startTestHub } from '../support/hub.ts'
import { assign, grade, open } from '../support/incidents.ts'
import { takeSeat } from '../support/seat.ts'

const resources = fileURLToPath(new URL('../../resources', import.meta.url))

describe('crews of the demonstration city with a phone', () => {
  const { atEnd, run } = endings()
  afterAll(run)

  it('take on what they are asked until it is done or refused, read what is written to them, and answer', async () => {
    const site: object = parse(readFileSync(`${resources}/demo-site.yaml`, 'utf8'))
    const document = siteDocumentSchema.parse(site)
    const hub = await startTestHub(atEnd, { site })
    const officer = await takeSeat(atEnd, hub.url, 'duty-1', { password: 'watchfloor-demo' })
    const troubles: unknown[] = []
    const onTrouble = (error: unknown) => troubles.push(error)
    atEnd(openFieldCrews(document, { hub: hub.url, seed: 7, pace: 0.01, onTrouble }))
    const units = document.units.flatMap(({ id, terminals }) =>
      terminals.some((one) => one.kind === 'field' && PLAYED_CREWS.includes(one.account)) ? [id] : [],
    )
    expect(units.length).toBe(PLAYED_CREWS.length)

    const does = (command: Command) => officer.client.submit.mutate({ key: randomUUID(), command })
    await does(open('i1', { area: document.areas[0]?.id ?? null }))
    await does(grade())
    for (const unit of units) {
      await does(assign(`task-${unit}`, unit))
      const thread = { kind: 'unit', unit } as const
      await does({ kind: 'message.send', id: randomUUID(), thread, text: '现在情况?', place: null })
    }
    const { journal } = hub
    await expect
      .poll(() => units.map((unit) => journal.state.incidents.tasks[`task-${unit}`]?.state ?? ''))
      .toSatisfy((states: string[]) => states.every((state) => state === 'done' || state === 'refused'))
    for (const unit of units)
      await expect
        .poll(() => {
          const { messages = [], marks = {} } = journal.state.threads[`unit/${unit}`] ?? {}
          return [messages.map(({ by }) => by.account.replace(/\d+/, '')), Object.values(marks)[0]?.read]
        })
        .toEqual([['duty-', 'crew-'], expect.toSatisfy((read: number) => read >= 1)])
    expect(troubles).toEqual([])
  })
})
