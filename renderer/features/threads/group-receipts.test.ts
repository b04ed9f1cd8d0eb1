import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../../contract/commands.ts'
import { newCity } from '../../../tests/support/incidents.ts'
import { receiptsOfUnits } from './group-receipts.ts'

const thread = { kind: 'group', group: '7d0f9a1c-5b0e-4c29-9d0a-0f6d3c0c9a77' } as const
const mark = (delivered: number, read: number): Command => ({ kind: 'message.mark', thread, delivered, read })

describe('what the units of a group have of a message', () => {
  const city = newCity()
  const units = ['north-patrol', 'south-engine', 'south-patrol']
  city.does('supervisor', { kind: 'group.form', thread, name: '夜巡组', units })
  const write = (account: string) =>
    city.does(account, { kind: 'message.send', id: randomUUID(), thread, text: '集合', place: null })
  const look = (place: number) => {
    const here = city.state.threads[`group/${thread.group}`]
    const message = here?.messages[place]
    if (here === undefined || message === undefined) throw new Error('it is there')
    return receiptsOfUnits(here, message, city.state.directory.units)
  }

  it('is what their crews have, whatever officers have read; a telephone has none', () => {
    write('supervisor')
    city.does('second-supervisor', mark(1, 1))
    expect(look(0)).toEqual({ read: [], delivered: [], missing: ['north-patrol', 'south-engine'] })
    city.does('north-crew', mark(1, 1))
    city.does('south-crew', mark(1, 0))
    expect(look(0)).toEqual({ read: ['north-patrol'], delivered: ['south-engine'], missing: [] })
  })

  it('is not asked of the unit that wrote it', () => {
    write('north-crew')
    expect(look(1)).toEqual({ read: [], delivered: [], missing: ['south-engine'] })
  })
})
