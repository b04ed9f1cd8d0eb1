import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StateMessage } from '../../../contract/hub.ts'
import { emptyState, type SharedState } from '../../../contract/state.ts'
import { openMirror } from './mirror.ts'

const agency = (name: string) => ({ id: 'police', name: { zh: name, en: name }, kind: 'police' as const })
const seen: SharedState = {
  ...emptyState,
  directory: { ...emptyState.directory, agencies: { police: agency('公安') } },
}
const renamed: StateMessage = {
  kind: 'events',
  events: [{ kind: 'agency.put', subject: 'agency/police', area: null, data: agency('公安局') }],
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-mirror-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the mirror', () => {
  it('follows the hub and tells whoever watches, beginning with a snapshot', async () => {
    const mirror = openMirror(folder, () => undefined)
    mirror.begin('duty')
    mirror.take(7, { kind: 'snapshot', state: seen })
    const over = new AbortController()
    const told: StateMessage[] = []
    for await (const message of mirror.watch(over.signal)) {
      told.push(message)
      if (told.length === 1) mirror.take(8, renamed)
      else over.abort()
    }
    expect(told).toEqual([{ kind: 'snapshot', state: seen }, renamed])
    expect(mirror.seq).toBe(8)
    expect(mirror.state.directory.agencies.police?.name.zh).toBe('公安局')
    await mirror.close()
  })

  it('is on disk for the account it belongs to, and for no other', async () => {
    const before = openMirror(folder, () => undefined)
    before.begin('duty')
    before.take(7, { kind: 'snapshot', state: seen })
    await before.close()

    const other = openMirror(folder, () => undefined)
    other.begin('night')
    await other.recall('night')
    expect(other.state).toEqual(emptyState)
    await other.close()

    const after = openMirror(folder, () => undefined)
    after.begin('duty')
    await after.recall('duty')
    expect(after.state).toEqual(seen)
    expect(after.seq).toBe(7)
    await after.close()
  })

  it('does not put an old copy over what the hub has told meanwhile', async () => {
    const before = openMirror(folder, () => undefined)
    before.begin('duty')
    before.take(7, { kind: 'snapshot', state: emptyState })
    await before.close()
    const after = openMirror(folder, () => undefined)
    after.begin('duty')
    const recalling = after.recall('duty')
    after.take(9, { kind: 'snapshot', state: seen })
    await recalling
    expect(after.seq).toBe(9)
    expect(after.state).toEqual(seen)
    await after.close()
  })

  it('begins empty if its file can’t be read, and says so', async () => {
    writeFileSync(join(folder, 'mirror-duty.json'), '{"format":4,"seq":7,"sta')
    const troubles: unknown[] = []
    const mirror = openMirror(folder, (error) => troubles.push(error))
    mirror.begin('duty')
    await mirror.recall('duty')
    expect(mirror.state).toEqual(emptyState)
    expect(troubles).toHaveLength(1)
    expect(readdirSync(folder)).toEqual([])
    await mirror.close()
  })
})
