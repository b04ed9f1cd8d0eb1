import { describe, expect, it, vi } from 'vitest'
import { Refusal } from '../contract/refusal.ts'
import type { Telling, Wish } from '../contract/shell.ts'
import { type Granters, grantWish } from './wishes.ts'

function grantersOf(changes: Partial<Granters> = {}) {
  return {
    'settings.change': vi.fn(),
    'layout.keep': vi.fn(),
    'map-file.add': vi.fn(() => ({ kind: 'cancelled' as const })),
    'map-file.remove': vi.fn(),
    'tile-key.set': vi.fn(),
    'basemaps.use': vi.fn(),
    'ticket.keep': vi.fn(),
    'awake.keep': vi.fn(),
    'line-password.read': vi.fn(() => null),
    'line-password.set': vi.fn(),
    'channel-password.read': vi.fn(() => null),
    'channel-password.set': vi.fn(),
    'screens.list': vi.fn(() => []),
    'screens.choose': vi.fn(),
    ...changes,
  }
}

async function wish(message: unknown, granters = grantersOf()) {
  const answers: Telling[] = []
  const unexpected: unknown[] = []
  await grantWish(
    message,
    granters,
    (telling) => answers.push(telling),
    (error) => unexpected.push(error),
  )
  return { answers, unexpected, granters }
}

const granted = (granters: ReturnType<typeof grantersOf>) =>
  Object.entries(granters)
    .filter(([, grant]) => vi.mocked(grant).mock.calls.length > 0)
    .map(([name]) => name)

describe('a wish of the engine', () => {
  it('is granted by the part that owns it, and answered', async () => {
    const add = vi.fn(async () => ({ kind: 'added' as const, basemap: 'file-1' }))
    const { answers } = await wish(
      { wish: 'map-file.add', id: 7, input: undefined },
      grantersOf({ 'map-file.add': add }),
    )
    expect(answers).toEqual([{ tell: 'answer', to: 7, value: { kind: 'added', basemap: 'file-1' } }])
  })

  it('brings its part only what the contract has', async () => {
    const { granters } = await wish({
      wish: 'settings.change',
      id: 1,
      input: { theme: 'light', mapFiles: [], layouts: {} },
    })
    expect(granters['settings.change']).toHaveBeenCalledWith({ theme: 'light' })
  })

  it.each<[Wish['wish'], unknown]>([
    ['settings.change', { zoom: 40 }],
    ['settings.change', { theme: 'pink' }],
    ['settings.change', 'rubbish'],
    ['layout.keep', { account: '../etc', layout: {} }],
    ['layout.keep', { account: 'duty-1', layout: 'x'.repeat(70_000) }],
    ['map-file.add', { path: '/etc/passwd' }],
    ['map-file.remove', {}],
    ['tile-key.set', { key: 'tianditu', secret: '' }],
    ['tile-key.set', { key: '__proto__', secret: 's' }],
    ['basemaps.use', [{ kind: 'tiles', id: 'x', layers: [{ url: 'file:///{z}{x}{y}' }] }]],
    ['ticket.keep', 'x'.repeat(1001)],
    ['awake.keep', 'always'],
    ['awake.keep', null],
  ])('with rubbish is refused as invalid and changes nothing: %s %j', async (name, input) => {
    const { answers, granters } = await wish({ wish: name, id: 3, input })
    expect(answers).toEqual([
      { tell: 'refused', to: 3, code: 'invalid', particulars: { why: expect.stringMatching(/\w/) } },
    ])
    expect(granted(granters)).toEqual([])
  })

  it.each([
    [null],
    ['settings.change'],
    [{ wish: 'app.quit', id: 1, input: undefined }],
    [{ wish: '__proto__', id: 1 }],
    [{ wish: 'awake.keep', id: 'one', input: 'none' }],
    [{ wish: 'awake.keep' }],
  ])('that is none is left alone: %j', async (message) => {
    const { answers, granters } = await wish(message)
    expect([answers, granted(granters)]).toEqual([[], []])
  })

  it('that is refused by its part is refused in its words', async () => {
    const refuse = () => {
      throw new Refusal('store-unavailable', { why: 'no key store' })
    }
    const { answers, unexpected } = await wish(
      { wish: 'tile-key.set', id: 4, input: { key: 'tianditu', secret: 's' } },
      grantersOf({ 'tile-key.set': refuse }),
    )
    expect(answers).toEqual([
      { tell: 'refused', to: 4, code: 'store-unavailable', particulars: { why: 'no key store' } },
    ])
    expect(unexpected).toEqual([])
  })

  it('whose part fails unexpectedly is refused, and the failure is told', async () => {
    const error = new Error('the disk is full')
    const { answers, unexpected } = await wish(
      { wish: 'awake.keep', id: 5, input: 'running' },
      grantersOf({ 'awake.keep': () => Promise.reject(error) }),
    )
    expect(answers).toEqual([
      { tell: 'refused', to: 5, code: 'store-unavailable', particulars: { why: 'the disk is full' } },
    ])
    expect(unexpected).toEqual([error])
  })
})
