import { describe, expect, it } from 'vitest'
import { openShellLink } from './shell-link.ts'

function main() {
  let hear: ((message: { data: unknown; ports: readonly unknown[] }) => void) | undefined
  const asked: { wish: string; id: number; input: unknown }[] = []
  const told: { tell: string; ports: number }[] = []
  const shell = openShellLink(
    {
      postMessage: (message) => asked.push(message as never),
      on: (_event, listener) => {
        hear = listener
      },
    },
    (telling, ports) => told.push({ tell: telling.tell, ports: ports.length }),
  )
  return {
    shell,
    asked,
    told,
    say: (data: unknown, ports: readonly unknown[] = []) => hear?.({ data, ports }),
  }
}

describe('the engine’s talk with main', () => {
  it('brings each answer to its wish', async () => {
    const { shell, asked, say } = main()
    const first = shell.wish('awake.keep', 'running')
    const second = shell.wish('map-file.add', undefined)
    expect(asked.map(({ wish }) => wish)).toEqual(['awake.keep', 'map-file.add'])
    say({ tell: 'answer', to: asked[1]?.id, value: { kind: 'cancelled' } })
    say({ tell: 'answer', to: asked[0]?.id, value: undefined })
    expect(await second).toEqual({ kind: 'cancelled' })
    expect(await first).toBeUndefined()
  })

  it('brings refusals typed, and does not take an answer of the wrong shape', async () => {
    const { shell, asked, say } = main()
    const refused = shell.wish('tile-key.set', { key: 'tianditu', secret: 'x' })
    const odd = shell.wish('map-file.add', undefined)
    say({
      tell: 'refused',
      to: asked[0]?.id,
      code: 'store-unavailable',
      particulars: { why: 'no key store' },
    })
    say({ tell: 'answer', to: asked[1]?.id, value: { kind: 'exploded' } })
    await expect(refused).rejects.toMatchObject({
      code: 'store-unavailable',
      particulars: { why: 'no key store' },
    })
    await expect(odd).rejects.toThrow('map-file.add')
  })

  it('passes tellings on with their ports, and drops what is none', () => {
    const { told, say } = main()
    say({ tell: 'seat', page: 'console' }, ['a port'])
    for (const rubbish of [
      undefined,
      null,
      7,
      'seat',
      { tell: 'seat', page: 'elsewhere' },
      { tell: 'explode' },
      { tell: 'hub', hub: { url: 'http://x' } },
      { tell: 'answer', to: 99 },
    ])
      say(rubbish)
    expect(told).toEqual([{ tell: 'seat', ports: 1 }])
  })
})
