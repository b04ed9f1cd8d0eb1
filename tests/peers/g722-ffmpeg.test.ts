/** Our G.722 beside ffmpeg's, which is by others: both are the recommendation's, so no bit may differ. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LINEAR_RATE } from '../../main/engine/media/codec.ts'
import { linearPayload } from '../../main/engine/media/codecs.ts'
import { G722Decoder, G722Encoder } from '../../main/engine/media/g722.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runProgram } from '../support/processes.ts'

const SECONDS = 4
const LENGTH = SECONDS * LINEAR_RATE

/** A tone that climbs through both bands while it swells, and rustles. */
function climbing(): Int16Array {
  let noise = 1
  return Int16Array.from({ length: LENGTH }, (_, at) => {
    const time = at / LINEAR_RATE
    noise = (noise * 75 + 74) % 65_537
    const swell = (at / LENGTH) * 28_000
    return swell * Math.sin(2 * Math.PI * (60 * time + 970 * time ** 2)) + (noise - 32_768) / 16
  })
}

/** Loud, and suddenly silent. Louder still is cut off at another place by each. */
const square = () =>
  Int16Array.from({ length: LENGTH }, (_, at) => (at % 4_000 > 3_000 ? 0 : at % 50 < 25 ? 20_000 : -20_000))

describe.each([
  ['climbs', climbing],
  ['is loud and stops', square],
])('what %s', (_, sound) => {
  it('is written alike by both', async () => {
    const theirs = await byFfmpeg(linearPayload(sound()), [...linear, '-i'], ['-f', 'g722'])
    expect(Buffer.from(new G722Encoder().encode(sound())).equals(theirs)).toBe(true)
  })

  it('is read alike by both', async () => {
    const payload = new G722Encoder().encode(sound())
    const theirs = await byFfmpeg(payload, ['-f', 'g722', '-i'], ['-f', 's16le'])
    expect(Buffer.from(linearPayload(new G722Decoder().decode(payload))).equals(theirs)).toBe(true)
  })
})

const linear = ['-f', 's16le', '-ar', `${LINEAR_RATE}`, '-ac', '1']

async function byFfmpeg(
  from: Uint8Array,
  before: readonly string[],
  after: readonly string[],
): Promise<Buffer> {
  const folder = temporaryFolder(onTestFinished)
  const [input, output] = [join(folder, 'in'), join(folder, 'out')]
  writeFileSync(input, from)
  await runProgram('ffmpeg', ['-v', 'error', ...before, input, ...after, output])
  return readFileSync(output)
}
