import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SESSION_OVER } from '../../contract/rpc.ts'
import { startTestHub, type TestHub, type TestHubOptions } from '../../tests/support/hub.ts'
import { openSeat, refusalOf, signIn, takeSeat } from '../../tests/support/seat.ts'
import { documentOf, PASSWORD, smallCity, smallCityWith } from '../../tests/support/site.ts'
import { loadSite, setPassword } from '../directory/load.ts'
import { verifyJournal } from '../journal/verify.ts'
import { openHubStore, sqliteFile } from '../store/open.ts'

const start = (options?: TestHubOptions) => startTestHub(onTestFinished, options)
const enter = (hub: TestHub, account: string, options?: Parameters<typeof signIn>[3]) =>
  signIn(onTestFinished, hub.url, account, options)
const seatAt = (hub: TestHub, account: string) => takeSeat(onTestFinished, hub.url, account)
const guessAt = (hub: TestHub, account: string, from?: string) =>
  refusalOf(enter(hub, account, { password: 'wrong password', ...(from !== undefined && { from }) }))

describe('signing in', () => {
  it('admits whoever knows the password, and journals it', async () => {
    const hub = await start()
    const { account } = await enter(hub, 'north-officer')
    expect(account).toMatchObject({ id: 'north-officer', role: 'duty-officer' })
    const opened = (await hub.journal.read(0, 100)).filter(({ kind }) => kind === 'session.opened')
    expect(opened).toEqual([
      expect.objectContaining({
        actor: { kind: 'account', account: 'north-officer' },
        data: expect.objectContaining({ account: 'north-officer', address: '127.0.0.1' }),
      }),
    ])
  })

  it('leaves neither the password nor the token anywhere on the hub’s disk', async () => {
    const hub = await start()
    const { token } = await enter(hub, 'north-officer')
    await hub.close()
    const file = sqliteFile(hub.folder)
    const stored = [file, `${file}-wal`].filter((name) => existsSync(name)).map((name) => readFileSync(name))
    expect(Buffer.concat(stored).includes('north-officer')).toBe(true)
    for (const secret of [token, PASSWORD]) expect(Buffer.concat(stored).includes(secret)).toBe(false)
    expect(hub.logged()).not.toContain(token)
  })

  it('answers a wrong password, an unknown account and a disabled one alike', async () => {
    const accounts = [
      ...smallCity.accounts,
      { id: 'gone', name: 'G', role: 'duty-officer', disabled: true, password: PASSWORD },
    ]
    const hub = await start({ site: smallCityWith({ accounts }) })
    expect(await guessAt(hub, 'north-officer')).toEqual({ code: 'wrong-password', particulars: {} })
    expect(await guessAt(hub, 'nobody')).toEqual({ code: 'wrong-password', particulars: {} })
    expect(await refusalOf(enter(hub, 'gone'))).toEqual({ code: 'wrong-password', particulars: {} })
  })

  it('with a name that every object has does no harm', async () => {
    const hub = await start()
    for (const [at, name] of ['constructor', '__proto__', 'toString', 'hasOwnProperty'].entries()) {
      const codes = []
      for (let time = 0; time < 5; time++) codes.push((await guessAt(hub, name, `127.0.1.${at + 1}`)).code)
      expect(codes).toEqual([...Array(4).fill('wrong-password'), 'locked-out'])
    }
    const database = await openHubStore({ kind: 'sqlite', folder: hub.folder })
    onTestFinished(database.close)
    expect(await verifyJournal(database)).toMatchObject({ kind: 'whole' })
  })
})

describe('guessing', () => {
  it('is stopped after five, says for how long, and the right password does not help then', async () => {
    const clock = stoppedClock()
    const hub = await start({ clock: clock.read })
    for (let time = 0; time < 4; time++)
      expect((await guessAt(hub, 'north-officer')).code).toBe('wrong-password')
    expect(await guessAt(hub, 'north-officer')).toEqual({ code: 'locked-out', particulars: { seconds: 30 } })
    clock.pass(10_000)
    expect(await refusalOf(enter(hub, 'north-officer'))).toEqual({
      code: 'locked-out',
      particulars: { seconds: 20 },
    })
    clock.pass(20_000)
    expect((await enter(hub, 'north-officer')).account.id).toBe('north-officer')
  })

  it('at an unknown account is stopped just the same', async () => {
    const hub = await start()
    const codes = []
    for (let time = 0; time < 5; time++) codes.push((await guessAt(hub, 'nobody')).code)
    expect(codes).toEqual([...Array(4).fill('wrong-password'), 'locked-out'])
  })

  it('does not lock the officer out anywhere else', async () => {
    const hub = await start()
    for (let time = 0; time < 8; time++) await guessAt(hub, 'north-officer', '127.0.0.9')
    expect((await enter(hub, 'north-officer')).account.id).toBe('north-officer')
  })

  it('at many accounts is stopped for the address', async () => {
    const hub = await start()
    const codes = []
    for (let number = 0; number < 31; number++)
      codes.push((await guessAt(hub, `account-${number}`, '127.0.0.9')).code)
    expect(codes.slice(0, 29)).toEqual(Array(29).fill('wrong-password'))
    expect(codes.slice(29)).toEqual(['locked-out', 'locked-out'])
    expect((await refusalOf(enter(hub, 'supervisor', { from: '127.0.0.9' }))).code).toBe('locked-out')
    expect((await enter(hub, 'supervisor')).account.id).toBe('supervisor')
  })

  it('at accounts named like addresses locks nobody else', async () => {
    const hub = await start()
    for (let time = 0; time < 7; time++)
      for (const name of ['@127.0.0.1', 'north-officer@127.0.0.1', 'address 127.0.0.1'])
        await guessAt(hub, name, `127.0.2.${time}`)
    for (let time = 0; time < 4; time++)
      expect((await guessAt(hub, 'north-officer')).code).toBe('wrong-password')
    expect((await enter(hub, 'north-officer')).account.id).toBe('north-officer')
  })

  it('many at once gains nothing over one after another', async () => {
    const hub = await start()
    const door = openSeat(onTestFinished, hub.url)
    await Promise.all(
      Array.from({ length: 20 }, () =>
        refusalOf(door.client.signIn.mutate({ account: 'north-officer', password: 'wrong password' })),
      ),
    )
    const tried = (await hub.journal.read(0, 100)).filter(({ kind }) => kind === 'session.refused')
    expect(tried.length).toBeLessThanOrEqual(6)
  })

  it('is journalled, with the lock it led to', async () => {
    const hub = await start({ clock: stoppedClock().read })
    const before = hub.journal.seq
    for (let time = 0; time < 6; time++) await guessAt(hub, 'north-officer')
    const kinds = (await hub.journal.read(before, 100)).map(({ kind }) => kind)
    expect(kinds).toEqual([...Array(5).fill('session.refused'), 'account.locked'])
  })
})

describe('a session', () => {
  it('ends when its officer signs out: the answer comes, the connection goes, the token is worth nothing', async () => {
    const hub = await start()
    const seat = await seatAt(hub, 'north-officer')
    await seat.client.signOut.mutate()
    await vi.waitFor(() => expect(seat.closings).toContain(SESSION_OVER))
    await isWorthNothing(hub, seat.token)
  })

  it('ends when the password is changed elsewhere; where it was changed, it goes on', async () => {
    const hub = await start()
    const here = await seatAt(hub, 'north-officer')
    const there = await seatAt(hub, 'north-officer')
    await there.client.positionOf.query({ unit: 'north-patrol' })
    await here.client.changePassword.mutate({ current: PASSWORD, next: 'another password' })
    await vi.waitFor(() => expect(there.closings).toContain(SESSION_OVER))
    await isWorthNothing(hub, there.token)
    expect(await here.client.positionOf.query({ unit: 'north-patrol' })).toMatchObject({ fix: null })
    expect((await refusalOf(enter(hub, 'north-officer'))).code).toBe('wrong-password')
    await enter(hub, 'north-officer', { password: 'another password' })
  })

  it('goes on when somebody tries to change the password without knowing it', async () => {
    const hub = await start()
    const seat = await seatAt(hub, 'north-officer')
    const other = await seatAt(hub, 'supervisor')
    const change = { current: 'wrong password', next: 'another password' }
    for (let time = 0; time < 5; time++) await refusalOf(seat.client.changePassword.mutate(change))
    expect((await refusalOf(seat.client.changePassword.mutate(change))).code).toBe('locked-out')
    expect(seat.closings).toEqual([])
    await other.client.changePassword.mutate({ current: PASSWORD, next: 'another password' })
  })

  it('ends for good when the account is disabled', async () => {
    const hub = await start()
    const seat = await seatAt(hub, 'north-officer')
    await seat.client.positionOf.query({ unit: 'north-patrol' })
    await load(hub, withAccount('north-officer', { disabled: true }))
    await vi.waitFor(() => expect(seat.closings).toContain(SESSION_OVER))
    await isWorthNothing(hub, seat.token)
    await load(hub, smallCity)
    await isWorthNothing(hub, seat.token)
  })

  it('is worth nothing while the account is disabled, whoever disabled it', async () => {
    const hub = await start()
    const { token } = await enter(hub, 'north-officer')
    const account = hub.journal.state.access.accounts['north-officer']
    if (account === undefined) throw new Error('it is in the small city')
    await hub.journal.submit({
      actor: { kind: 'operator' },
      decide: () => [
        {
          kind: 'account.put',
          subject: 'account/north-officer',
          area: null,
          data: { ...account, disabled: true },
        },
      ],
    })
    await isWorthNothing(hub, token)
  })

  it('ends when the account is removed, and whoever gets its name gets neither session nor password', async () => {
    const hub = await start()
    const seat = await seatAt(hub, 'guest')
    await load(hub, smallCityWith({ accounts: smallCity.accounts.filter(({ id }) => id !== 'guest') }))
    await isWorthNothing(hub, seat.token)
    await load(hub, withAccount('guest', { password: undefined }))
    await isWorthNothing(hub, seat.token)
    expect((await refusalOf(enter(hub, 'guest'))).code).toBe('wrong-password')
  })

  it('ends when the operator sets the password', async () => {
    const hub = await start()
    const seat = await seatAt(hub, 'north-officer')
    await seat.client.positionOf.query({ unit: 'north-patrol' })
    const database = await openHubStore({ kind: 'sqlite', folder: hub.folder })
    onTestFinished(database.close)
    await setPassword(database, hub.journal, 'account', 'north-officer', 'set by the operator')
    await vi.waitFor(() => expect(seat.closings).toContain(SESSION_OVER))
    await isWorthNothing(hub, seat.token)
    await enter(hub, 'north-officer', { password: 'set by the operator' })
  })

  it('ends by itself after its time, also while it is in use', async () => {
    const hub = await start()
    const { token, until } = await enter(hub, 'north-officer')
    expect(until - Date.now()).toBeGreaterThan(12 * 3_600_000)
    const database = await openHubStore({ kind: 'sqlite', folder: hub.folder })
    onTestFinished(database.close)
    await database.transact([{ sql: 'UPDATE session SET until = $1', values: [Date.now() + 1_500] }])
    const seat = openSeat(onTestFinished, hub.url, { token })
    await seat.client.positionOf.query({ unit: 'north-patrol' })
    await vi.waitFor(() => expect(seat.closings).toContain(SESSION_OVER), { timeout: 5_000 })
    await isWorthNothing(hub, token)
  })

  it('is not opened by a token that somebody made up', async () => {
    const hub = await start()
    await isWorthNothing(hub, 'x'.repeat(43))
  })
})

async function isWorthNothing(hub: TestHub, token: string) {
  const seat = openSeat(onTestFinished, hub.url, { token })
  const told = seat.watchState()
  await vi.waitFor(() => expect(seat.closings).toContain(SESSION_OVER))
  expect(told.messages).toEqual([])
  seat.close()
}

async function load(hub: TestHub, site: object) {
  const database = await openHubStore({ kind: 'sqlite', folder: hub.folder })
  try {
    await loadSite(database, hub.journal, documentOf(site))
  } finally {
    await database.close()
  }
}

const withAccount = (id: string, change: object) =>
  smallCityWith({
    accounts: smallCity.accounts.map((account) => (account.id === id ? { ...account, ...change } : account)),
  })

function stoppedClock() {
  let now = 1_800_000_000_000
  return {
    read: () => now,
    pass: (ms: number) => {
      now += ms
    },
  }
}
