import { describe, expect, it } from 'vitest'
import type { Exchange, TelephoneLine } from '../../../contract/telephony.ts'
import { type OpenLineOptions, openLines } from './lines.ts'

const exchange = (id: string): Exchange => ({
  id,
  name: { zh: '总机', en: id },
  domain: 'pbx.test',
  servers: [{ transport: 'udp', host: '192.0.2.1', port: 5060 }],
})
const line = (id: string, at = 'main'): TelephoneLine => ({ id, exchange: at, number: `80${id}` })
const turn = () => new Promise(setImmediate)

/** Lines whose farewells take until they are let go. */
function opened() {
  const told: string[] = []
  const farewells: (() => void)[] = []
  const passwords = new Map<string, string>()
  const lines = openLines({
    clock: () => 0,
    readPassword: async (id) => passwords.get(id) ?? null,
    openLine: ({ line: { id }, password }: OpenLineOptions<never>) => {
      told.push(`open ${id} ${password}`)
      return {
        state: { state: 'registered', why: null },
        calls: [],
        call: () => {
          throw new Error('no calls here')
        },
        sendMessage: async () => 200,
        watch: () => () => undefined,
        close: () => {
          told.push(`leave ${id}`)
          return new Promise<void>((resolve) => farewells.push(resolve))
        },
      }
    },
    onChange: () => undefined,
    onIncoming: () => undefined,
    onReferred: () => undefined,
    onMessage: async () => undefined,
    onTrouble: (_, error) => {
      throw error
    },
  })
  return { lines, told, passwords, letGo: () => farewells.shift()?.() }
}

describe('the lines of a seat', () => {
  it('take leave before they come anew, for the farewell is of both', async () => {
    const { lines, told, passwords, letGo } = opened()
    passwords.set('01', 'old')
    lines.use([line('01')], [exchange('main')])
    await turn()
    passwords.set('01', 'new')
    lines.passwordSet('01')
    await turn()
    expect(told).toEqual(['open 01 old', 'leave 01'])
    letGo()
    await turn()
    expect(told.slice(2)).toEqual(['open 01 new'])
  })

  it('come with the last of several passwords', async () => {
    const { lines, told, passwords } = opened()
    lines.use([line('01')], [exchange('main')])
    await turn()
    expect(lines.statuses()).toMatchObject([{ state: 'no-password' }])
    passwords.set('01', 'first')
    lines.passwordSet('01')
    passwords.set('01', 'second')
    lines.passwordSet('01')
    await turn()
    expect(told).toEqual(['open 01 second'])
  })

  it('of an exchange that the site has no more are given up', async () => {
    const { lines, told, passwords } = opened()
    for (const id of ['01', '02']) passwords.set(id, 'x')
    lines.use([line('01'), line('02', 'other')], [exchange('main'), exchange('other')])
    await turn()
    lines.use([line('01'), line('02', 'other')], [exchange('main')])
    expect(told).toEqual(['open 01 x', 'open 02 x', 'leave 02'])
    expect(lines.statuses().map(({ id }) => id)).toEqual(['01'])
  })

  it('are in the order of the site, whichever of them has changed', async () => {
    const { lines } = opened()
    lines.use([line('01'), line('02')], [exchange('main')])
    lines.use([{ ...line('01'), priority: true }, line('02')], [exchange('main')])
    expect(lines.statuses().map(({ id }) => id)).toEqual(['01', '02'])
  })
})
