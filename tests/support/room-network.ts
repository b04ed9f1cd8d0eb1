/** Rooms in a network that a test has for itself: one that loses what it is told to, or one with a relay in the way. */
import { fileURLToPath } from 'node:url'
import type { AtEnd } from './at-end.ts'
import { startProgram } from './processes.ts'

/** `loss`: so many percent of the packets to and from the SFU; otherwise whether there is a relay where it is the only way. */
export type RoomNetwork = { readonly loss: number } | { readonly relay: boolean }

export interface MetAcross {
  /** Of the packets between the pages and the SFU, 0 to 1, by the kernel's own count. */
  readonly lost: number
  /** Pictures and sound came, and went on coming. */
  readonly seen: boolean
  /** How the receiving page reached the SFU at last. */
  readonly state: string
  readonly way: string | null
  /** What the hub wrote down, and what the relay's secret was. */
  readonly logged: string
  readonly secret: string
}

const script = fileURLToPath(new URL('./room-across.ts', import.meta.url))

export async function meetAcross(atEnd: AtEnd, network: RoomNetwork): Promise<MetAcross> {
  // Its programs are in a group of processes that ends with the first, however that ends.
  const alone = ['--map-root-user', '--net', '--pid', '--fork', '--kill-child']
  const program = startProgram(atEnd, 'unshare', [
    ...alone,
    process.execPath,
    script,
    JSON.stringify(network),
  ])
  const status = await program.ended
  if (status !== 0) throw new Error(`nobody met: ${program.said()}`)
  return JSON.parse(program.said().trim().split('\n').at(-1) ?? '')
}
