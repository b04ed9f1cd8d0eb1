import { describe, expect, it } from 'vitest'
import type { Thread } from '../../../contract/threads.ts'
import { newCity, open } from '../../../tests/support/incidents.ts'
import { receiptsOf, unreadIn, unreadOf } from './unread.ts'

const person = (account: string) => ({ account, name: { zh: account, en: account } })
const thread = (marks: Thread['marks'] = {}): Thread => ({
  name: { kind: 'incident', incident: 'i1' },
  count: 3,
  messages: ['supervisor', 'north-officer', 'north-officer'].map((account, at) => ({
    id: `00000000-0000-4000-8000-00000000000${at}`,
    thread: { kind: 'incident', incident: 'i1' },
    number: at + 1,
    at,
    by: person(account),
    text: 'said',
    place: null,
    incidents: [],
  })),
  marks,
})

describe('what is unread', () => {
  it('are the messages of others after the last that was read', () => {
    expect(unreadIn(thread(), 'supervisor')).toBe(2)
    expect(unreadIn(thread({ supervisor: { delivered: 3, read: 2 } }), 'supervisor')).toBe(1)
  })

  it('are the words of a telephone, too, also where they came in at one’s own seat', () => {
    const from = { number: '81001', name: { zh: '巡逻', en: 'Patrol' } }
    const all = thread()
    const messages = all.messages.map((message) => ({ ...message, from }))
    expect(unreadIn({ ...all, messages }, 'north-officer')).toBe(3)
  })

  it('counts for those who wrote there or work on the incident, and for no others', () => {
    const city = newCity()
    city.does('second-supervisor', open())
    const state = { ...city.state, threads: { 'incident/i1': thread() } }
    const of = (account: string) => unreadOf(state, account)
    expect(['supervisor', 'second-supervisor', 'admin'].map(of)).toEqual([2, 3, 0])
  })

  it('counts for everybody where a crew has said something, until an officer has answered', () => {
    const { state } = newCity()
    const name = { kind: 'unit', unit: 'north-patrol' } as const
    const said = (...accounts: string[]) => {
      const messages = thread().messages.map((message, at) => ({
        ...message,
        thread: name,
        by: person(accounts[at] ?? 'north-crew'),
      }))
      return (account: string) =>
        unreadOf({ ...state, threads: { 'unit/north-patrol': { ...thread(), name, messages } } }, account)
    }
    expect(['supervisor', 'north-officer'].map(said())).toEqual([3, 3])
    expect(['supervisor', 'north-officer'].map(said('north-crew', 'supervisor'))).toEqual([2, 0])
  })
})

describe('the receipts of a message', () => {
  it('say who has read it, and who has got it only', () => {
    const marks = {
      supervisor: { delivered: 3, read: 3 },
      'north-crew': { delivered: 3, read: 1 },
      'north-officer': { delivered: 3, read: 3 },
    }
    expect(receiptsOf(thread(marks), 2, 'north-officer')).toEqual({
      read: ['supervisor'],
      delivered: ['north-crew'],
    })
  })
})
