/** A seat in a process of its own: the whole engine, and the page's end of its contract. */

import type { Radio } from '../../contract/seat-radio.ts'
import type { SoundAnswer, SoundOffer } from '../../contract/seat-sound.ts'
import { defaultSettings } from '../../contract/settings.ts'
import { type Engine, startEngine } from '../../main/engine/engine.ts'
import { endings } from '../../tests/support/at-end.ts'
import { openPagePort, type PagePort } from '../../tests/support/page-port.ts'

export type Order =
  | {
      readonly kind: 'sit'
      readonly hub: string
      readonly folder: string
      readonly account: string
      readonly password: string
    }
  | { readonly kind: 'answer'; readonly answer: SoundAnswer }
  | { readonly kind: 'press'; readonly channel: string }
  | { readonly kind: 'release' }
  /** The page crashes, and another takes its place, without sound. */
  | { readonly kind: 'replace-page' }

export type Report =
  | { readonly kind: 'offer'; readonly offer: SoundOffer }
  | { readonly kind: 'radio'; readonly radio: Radio }

const report = (what: Report) => process.send?.(what)
const { atEnd, run } = endings()
const fail = (what: string, error: unknown) => {
  process.stderr.write(`${what}: ${error}\n`)
}
let engine: Engine | undefined
let page: PagePort | undefined
let pressed: { unsubscribe(): void } | undefined

process.on('message', async (order: Order) => {
  switch (order.kind) {
    case 'sit':
      page = await sit(order)
      break
    case 'answer':
      await page?.client.sound.takeAnswer.mutate(order.answer)
      break
    case 'press':
      pressed = page?.client.radio.talk.subscribe(
        { channels: [order.channel], emergency: false },
        { onError: (error) => fail('the key', error) },
      )
      break
    case 'release':
      pressed?.unsubscribe()
      break
    case 'replace-page':
      page?.kill()
      if (engine !== undefined) page = openPagePort(atEnd, engine.port, fail)
      break
  }
})
process.on('disconnect', () => void run().then(() => process.exit()))

async function sit({ hub, folder, account, password }: Extract<Order, { kind: 'sit' }>): Promise<PagePort> {
  const started = await startEngine({
    shell: { wish: async () => undefined as never },
    folder,
    settings: defaultSettings,
    ticket: null,
    onTrouble: fail,
  })
  engine = started
  atEnd(() => started.close())
  started.use({ url: hub, embedded: true })
  for await (const greeting of started.port.watchHub(new AbortController().signal))
    if (greeting.kind === 'reached') break
  await started.port.signIn({ account, password })
  const opened = openPagePort(atEnd, started.port, fail)
  opened.client.radio.watch.subscribe(undefined, {
    onData: (radio) => report({ kind: 'radio', radio: radio as Radio }),
  })
  opened.client.sound.offers.subscribe(undefined, {
    onData: (offer) => report({ kind: 'offer', offer: offer as SoundOffer }),
  })
  return opened
}
