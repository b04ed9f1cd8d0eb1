/** The engine's side of its talk with main: wishes go out, tellings come in. Both are checked. */
import type * as z from 'zod'
import { Refusal } from '../../contract/refusal.ts'
import {
  type Telling,
  tellingSchema,
  type Wish,
  type WishInput,
  type WishName,
  type WishOutput,
  wishes,
} from '../../contract/shell.ts'

/** What a parent port must do; Electron's `process.parentPort` does. */
export interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: { data: unknown; ports: readonly unknown[] }) => void): unknown
}

export interface ShellLink {
  wish<K extends WishName>(name: K, input: WishInput<K>): Promise<WishOutput<K>>
}

/** Hands every telling but answers to `told`, with the ports that came along. Messages that are no tellings are dropped. */
export function openShellLink(
  parent: ParentPort,
  told: (telling: Telling, ports: readonly unknown[]) => void,
): ShellLink {
  const waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void; name: WishName }
  >()
  let lastId = 0

  parent.on('message', ({ data, ports }) => {
    const parsed = tellingSchema.safeParse(data)
    if (!parsed.success) return
    const telling = parsed.data
    if (telling.tell !== 'answer' && telling.tell !== 'refused') {
      told(telling, ports)
      return
    }
    const asked = waiting.get(telling.to)
    waiting.delete(telling.to)
    if (asked === undefined) return
    if (telling.tell === 'refused') asked.reject(new Refusal(telling.code, telling.particulars))
    else {
      const output: z.ZodType = wishes[asked.name].output
      const answer = output.safeParse(telling.value)
      if (answer.success) asked.resolve(answer.data)
      else
        asked.reject(
          new TypeError(`main answered ${asked.name} with something else: ${answer.error.message}`),
        )
    }
  })

  return {
    wish: (name, input) =>
      new Promise((resolve, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, name })
        parent.postMessage({ wish: name, id, input } satisfies Wish)
      }),
  }
}
