import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Command } from '../../../contract/commands.ts'
import { type CallLedger, type LedgerEntry, openCallLedger } from './ledger.ts'

let folder: string
let submitted: [string, Command][]
let troubles: unknown[]
const opened: CallLedger[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-ledger-'))
  submitted = []
  troubles = []
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((ledger) => ledger.close()))
  rmSync(folder, { recursive: true, force: true })
  expect(troubles).toEqual([])
})

const open = (): CallLedger => {
  const ledger = openCallLedger({
    folder,
    submit: async (account, command) => submitted.push([account, command]),
    onTrouble: (_what, error) => troubles.push(error),
  })
  opened.push(ledger)
  return ledger
}
const kept = () => readdirSync(join(folder, 'open-calls'))
const entry = (answeredAt: number | null): LedgerEntry => ({
  account: 'duty-1',
  call: {
    id: randomUUID(),
    line: 'line-1',
    direction: 'in',
    number: '13900000001',
    unit: null,
    startedAt: 1_800_000_000_000,
    answeredAt,
  },
})

describe('the ledger of open calls', () => {
  it('tells of those that an engine before could not tell of any more, once', async () => {
    const killed = open()
    const talked = entry(1_800_000_005_000)
    const rang = entry(null)
    killed.keep(rang)
    killed.keep({ ...talked, call: { ...talked.call, answeredAt: null } })
    killed.keep(talked)
    await killed.close()
    const next = open()
    await vi.waitFor(() => expect(submitted.length).toBe(2))
    expect(submitted).toEqual(
      expect.arrayContaining(
        [talked, rang].map(({ account, call }) => [
          account,
          {
            kind: 'call.record',
            call: { ...call, endedAt: expect.any(Number), end: 'lost', code: null, quality: null },
          },
        ]),
      ),
    )
    await next.close()
    expect(kept()).toEqual([])
  })

  it('keeps nothing of a call whose end was told', async () => {
    const ledger = open()
    const call = entry(null)
    ledger.keep(call)
    ledger.strike(call.call.id)
    await ledger.close()
    expect(kept()).toEqual([])
  })

  it('lets go of what was cut off while it was written', async () => {
    await open().close()
    writeFileSync(join(folder, 'open-calls', 'torn.json'), '{"account":"du')
    await open().close()
    expect(kept()).toEqual([])
    expect(submitted).toEqual([])
  })
})
