/** Officers of other agencies that nobody has to play: they answer when they are invited to a room, are seen and say something. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Id } from '../../contract/primitives.ts'
import type { SiteDocument } from '../../contract/site.ts'
import { PARTNERS } from '../city/demo-site.ts'
import { readClips } from '../exchange/clips.ts'
import { type HubSeat, openHubSeat } from '../hub-seat.ts'
import { readIvf } from '../video/ivf.ts'
import { type Appearance, takePart } from './taking-part.ts'

/** How long they let it ring, ms. */
const ANSWERS_AFTER_MS = [1_500, 3_000] as const

/** `hub` is ws://host:port/seat. Returns what ends them. */
export async function openPartners(
  { accounts }: SiteDocument,
  hub: string,
  resources: string,
): Promise<() => void> {
  const [clip, said] = await Promise.all([
    readFile(join(resources, 'lab-scenes', 'day.ivf')).then(readIvf),
    readClips(join(resources, 'lab-clips')),
  ])
  const ends = await Promise.all(
    PARTNERS.map(async ({ id }, nth) => {
      const password = accounts.find((account) => account.id === id)?.password
      if (password === undefined) return () => undefined
      const seat = await openHubSeat(hub, id, password)
      const voice = said.get(nth % 2 === 0 ? 'unit-on-the-way-zh' : 'unit-arrived-zh') ?? new Uint8Array()
      return play(seat, id, { clip, from: nth * 40, voice }, ANSWERS_AFTER_MS[nth % 2] ?? 0)
    }),
  )
  return () => {
    for (const end of ends) end()
  }
}

/** Returns what ends it. */
function play({ client, close }: HubSeat, account: Id, appearance: Appearance, afterMs: number): () => void {
  /** By room: what ends the answer that is being thought about, or the part that is taken. */
  const parts = new Map<string, () => void>()
  const answer = async (room: string) => {
    await client.rooms.request.mutate({ kind: 'move', room, account, act: 'accept' })
    if (parts.has(room)) parts.set(room, takePart(client, room, appearance))
  }
  const watching = client.rooms.watch.subscribe(undefined, {
    onData: (rooms) => {
      const ours = new Map(rooms.map(({ id, own }) => [id, own]))
      for (const [room, end] of parts) {
        const own = ours.get(room)
        if (own === 'invited' || own === 'expected' || own === 'asking' || own === 'in') continue
        parts.delete(room)
        end()
      }
      for (const [room, own] of ours) {
        if (own !== 'invited' || parts.has(room)) continue
        // Somebody may have taken the invitation back meanwhile.
        const thinking = setTimeout(() => answer(room).catch(() => parts.delete(room)), afterMs)
        parts.set(room, () => clearTimeout(thinking))
      }
    },
  })
  return () => {
    watching.unsubscribe()
    for (const end of parts.values()) end()
    close()
  }
}
