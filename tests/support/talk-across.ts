/** Two seats on one channel, each in a network of its own, and packets of voice that are lost between them. */
import { fileURLToPath } from 'node:url'
import type { AtEnd } from './at-end.ts'
import { startProgram } from './processes.ts'

interface HeardAcross {
  /** How much of the last half second was the other's tone, 0 to 1. */
  readonly share: number
  /** A share of full scale. */
  readonly loudness: number
  /** How often the squelch has opened. */
  readonly talkSpurts: number
  /** Packets that never came. */
  readonly lost: number
}

export interface TalkAcross {
  readonly near: HeardAcross
  readonly far: HeardAcross
}

const script = fileURLToPath(new URL('./radio-across.ts', import.meta.url))

/** `percent` of the packets of voice are lost, in both directions. */
export async function talkAcross(atEnd: AtEnd, percent: number): Promise<TalkAcross> {
  // Its programs are in a group of processes that ends with the first, however that ends.
  const alone = ['--map-root-user', '--net', '--pid', '--fork', '--kill-child']
  const program = startProgram(atEnd, 'unshare', [...alone, process.execPath, script, 'near', `${percent}`])
  const status = await program.ended
  if (status !== 0) throw new Error(`the seats could not talk: ${program.said()}`)
  return JSON.parse(program.said().trim().split('\n').at(-1) ?? '')
}
