/** The page's commands to its engine: at once where there is one, and with tRPC's own client on the same port. */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Carrier, socketOver } from '../../contract/carrier.ts'
import type { EnginePort, EngineRouter } from '../../contract/engine.ts'
import { Refusal } from '../../contract/refusal.ts'
import { refusedBy } from '../../contract/rpc.ts'
import { servePort } from '../../main/engine/seat-port.ts'
import { openPromptLine } from '../../renderer/app/prompt-line.ts'
import { asPortMain } from '../support/node-port.ts'

const LAPSE = '00000000-0000-4000-8000-000000000000'

/** A page and its engine. `sent` is what the page has put on its port so far. */
function connected(engine: Partial<EnginePort>) {
  const line = openPromptLine()
  const sent: string[] = []
  let current: MessagePort | undefined
  const open = async (): Promise<Carrier> => {
    const { port1, port2 } = new MessageChannel()
    const close = servePort(asPortMain(port1), engine as EnginePort, () => undefined)
    onTestFinished(close)
    current = port2
    return line.over({
      send: (message) => {
        sent.push(String(message))
        port2.postMessage(message)
      },
      close: () => port2.close(),
      listen: ({ text, binary, closed }) => {
        port2.on('message', (data) => (typeof data === 'string' ? text(data) : binary(data)))
        port2.on('close', closed)
      },
    })
  }
  const socket = createWSClient({
    url: 'ws://engine',
    WebSocket: socketOver(open, () => undefined) as never,
    retryDelayMs: () => 10,
  })
  onTestFinished(() => void socket.close())
  const client = createTRPCClient<EngineRouter>({ links: [line.link, wsLink({ client: socket })] })
  return { client, sent, cut: () => current?.close() }
}

/** A stream that counts how often it was begun and ended. */
function counted() {
  const counts = { begun: 0, ended: 0 }
  const stream = async function* (signal: AbortSignal) {
    counts.begun++
    try {
      yield { kind: 'signed-out' as const, because: 'nobody' as const }
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    } finally {
      counts.ended++
    }
  }
  return { counts, stream }
}

describe('a command', () => {
  it('given before there is an engine waits for it', async () => {
    const dismissed = vi.fn(async () => undefined)
    const { client } = connected({ dismissLapse: dismissed })
    await client.state.dismissLapse.mutate({ id: LAPSE })
    expect(dismissed).toHaveBeenCalledWith(LAPSE)
  })

  it('is on its way before whoever gave it does anything else', async () => {
    const { client, sent } = connected({ dismissLapse: async () => undefined })
    await client.state.dismissLapse.mutate({ id: LAPSE })
    sent.length = 0
    const done = client.state.dismissLapse.mutate({ id: LAPSE })
    await Promise.resolve()
    expect(sent).toHaveLength(1)
    await done
  })

  it('comes back with its own answer, a refusal typed, whatever else is asked meanwhile', async () => {
    const { client } = connected({
      signOut: async () => {
        throw new Refusal('locked-out', { seconds: 30 })
      },
      positionOf: async (unit) => {
        if (unit === 'slow') await new Promise((resolve) => setImmediate(resolve))
        throw new Refusal('not-found', { what: 'unit', id: unit })
      },
      dismissLapse: async () => undefined,
    })
    await client.state.dismissLapse.mutate({ id: LAPSE })
    const [slow, quick, out] = await Promise.all([
      client.positions.of.query({ unit: 'slow' }).catch(refusedBy),
      client.positions.of.query({ unit: 'quick' }).catch(refusedBy),
      client.session.signOut.mutate().catch(refusedBy),
    ])
    expect(slow).toMatchObject({ code: 'not-found', particulars: { id: 'slow' } })
    expect(quick).toMatchObject({ code: 'not-found', particulars: { id: 'quick' } })
    expect(out).toMatchObject({ code: 'locked-out', particulars: { seconds: 30 } })
  })

  it('fails when the engine goes before it has answered, and the next one finds the next engine', async () => {
    let answers = false
    const { client, cut } = connected({
      dismissLapse: async () => {
        if (!answers) await new Promise(() => undefined)
      },
      changePassword: async () => undefined,
    })
    await client.session.changePassword.mutate({ current: 'before', next: 'afterwards' })
    const lost = client.state.dismissLapse.mutate({ id: LAPSE })
    cut()
    await expect(lost).rejects.toThrow('the engine has gone')
    answers = true
    await client.state.dismissLapse.mutate({ id: LAPSE })
  })
})

describe('a prompt stream', () => {
  const beginning = async (cutBefore: boolean) => {
    const { counts, stream } = counted()
    const { client, cut } = connected({ watchSession: stream, dismissLapse: async () => undefined })
    await client.state.dismissLapse.mutate({ id: LAPSE })
    const told: string[] = []
    const { unsubscribe } = client.session.watch.subscribe(undefined, {
      context: { prompt: true },
      onData: () => told.push('data'),
      onError: () => told.push('error'),
      onComplete: () => told.push('over'),
    })
    await vi.waitFor(() => expect(told).toEqual(['data']))
    if (cutBefore) cut()
    else unsubscribe()
    return { counts, told, client }
  }

  it('ends at the engine when the page ends it', async () => {
    const { counts } = await beginning(false)
    await vi.waitFor(() => expect(counts).toEqual({ begun: 1, ended: 1 }))
  })

  it('ends with the engine, says so, and does not begin anew with the next one', async () => {
    const { counts, told, client } = await beginning(true)
    await vi.waitFor(() => expect(told).toEqual(['data', 'error']))
    // The next engine is there, and has not been asked for it again.
    await client.state.dismissLapse.mutate({ id: LAPSE })
    expect(counts.begun).toBe(1)
  })
})
