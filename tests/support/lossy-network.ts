/** Calls in a network that a test has for itself, and that loses what the kernel is told to lose. */
import { fileURLToPath } from 'node:url'
import type { AtEnd } from './at-end.ts'
import { startProgram } from './processes.ts'

export interface LossyCall {
  /** As counted here, 0 to 1, and as rated, 1 to 4.5: when nothing had been lost yet, and at the end. */
  readonly before: { readonly loss: number; readonly score: number }
  readonly after: { readonly loss: number; readonly score: number }
  /** As baresip reported it by RTCP of some seconds in the middle. */
  readonly lossThere: number
  /** How much of the last second was the other side's tone, 0 to 1. */
  readonly heardHere: number
  readonly heardThere: number
}

const script = fileURLToPath(new URL('./lossy-call.ts', import.meta.url))

/** `percent` of the packets of voice are lost, in both directions. */
export async function callWithLoss(atEnd: AtEnd, percent: number): Promise<LossyCall> {
  // Its programs are in a group of processes that ends with the first, however that ends.
  const alone = ['--map-root-user', '--net', '--pid', '--fork', '--kill-child']
  const program = startProgram(atEnd, 'unshare', [...alone, process.execPath, script, `${percent}`])
  const status = await program.ended
  if (status !== 0) throw new Error(`the call could not be made: ${program.said()}`)
  return JSON.parse(program.said().trim().split('\n').at(-1) ?? '')
}
