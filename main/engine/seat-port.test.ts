import { afterEach, describe, expect, it, vi } from 'vitest'
import type { EnginePort } from '../../contract/engine.ts'
import { Refusal } from '../../contract/refusal.ts'
import { refusedBy } from '../../contract/rpc.ts'
import { endings } from '../../tests/support/at-end.ts'
import { openPagePort } from '../../tests/support/page-port.ts'

const { atEnd, run } = endings()
afterEach(run)

function served(engine: Partial<EnginePort>) {
  const unexpected: string[] = []
  const { client, port, frames } = openPagePort(atEnd, engine as EnginePort, (path) => unexpected.push(path))
  return { client, page: port, frames, unexpected }
}

describe('the engine contract on a port', () => {
  it('carries calls, streams and frames', async () => {
    const { client, frames } = served({
      dismissLapse: async () => undefined,
      watchSession: async function* () {
        yield { kind: 'signed-out', because: 'nobody' }
      },
      startPositions: (sink) => sink.send(new Uint8Array([1, 2, 3])),
    })
    await client.state.dismissLapse.mutate({ id: '00000000-0000-4000-8000-000000000000' })
    const sessions: unknown[] = []
    await new Promise<void>((resolve, reject) => {
      client.session.watch.subscribe(undefined, {
        onData: (data) => sessions.push(data),
        onComplete: resolve,
        onError: reject,
      })
    })
    expect(sessions).toEqual([{ kind: 'signed-out', because: 'nobody' }])
    await client.positions.start.mutate()
    await vi.waitFor(() => expect(frames).toHaveLength(1))
    expect([...new Uint8Array(frames[0] as ArrayBuffer)]).toEqual([1, 2, 3])
  })

  it('carries a refusal typed, and nothing of an unexpected error but that there was one', async () => {
    const { client, unexpected } = served({
      signOut: async () => {
        throw new Refusal('not-signed-in')
      },
      signIn: async () => {
        throw new Error('the password is hunter2')
      },
    })
    const refused = await client.session.signOut.mutate().catch((error: unknown) => error)
    expect(refusedBy(refused)).toEqual({ code: 'not-signed-in', particulars: {} })
    const failed = await client.session.signIn
      .mutate({ account: 'a', password: 'b' })
      .catch((error: unknown) => error)
    expect(refusedBy(failed)).toBeUndefined()
    expect(String(failed)).not.toContain('hunter2')
    expect(unexpected).toEqual(['session.signIn'])
  })

  it('refuses rubbish with a typed error and without troubling the engine', async () => {
    const submit = vi.fn()
    const { client } = served({ submit })
    const rubbish = [
      {},
      { kind: 'unit.explode' },
      { kind: 'unit.set-state', unit: '../etc', state: 'busy' },
      { kind: 'unit.set-state', unit: 'a', state: 'busy', extra: 1 },
    ]
    for (const command of rubbish) {
      const error = await client.state.submit.mutate(command as never).catch((failure: unknown) => failure)
      expect(refusedBy(error)?.code).toBe('invalid')
    }
    expect(submit).not.toHaveBeenCalled()
  })

  it.each([
    ['bytes', new Uint8Array([1, 2, 3])],
    ['an object', { method: 'query' }],
    ['more text than anybody sends', 'x'.repeat(1_100_000)],
  ])('closes on %s', async (_what, message) => {
    const { page } = served({})
    const closed = new Promise<string>((resolve) => page.on('close', () => resolve('closed')))
    page.postMessage(message)
    expect(await closed).toBe('closed')
  })

  it('goes on after text that is not the contract', async () => {
    const { client, page } = served({ signOut: async () => undefined })
    for (const text of [
      '',
      'null',
      '[]',
      '{"id":1}',
      '{"id":1,"method":"query","params":{"path":"__proto__"}}',
      'not json',
    ])
      page.postMessage(text)
    await expect(client.session.signOut.mutate()).resolves.toBeUndefined()
  })
})
