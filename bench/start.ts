/** From `npm start` to units that move on the map. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Bench, Collector } from './bench.ts'
import { memoryMiB, treeOf } from './processes.ts'

const root = join(import.meta.dirname, '..')
const REPEATS = 5

export const start: Bench = {
  name: 'start',
  about: 'npm start until units move on the map: cold (built anew) and warm, and what it takes then',
  takes: 'about 2 minutes',
  targets: { warmMs: { max: 4000 } },
  run: async (say) => {
    const collector = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      rmSync(join(root, 'out', '.stamp'), { force: true })
      const cold = await startOnce()
      const warm = await startOnce()
      collector.add({ coldMs: cold.readyMs, warmMs: warm.readyMs, rssMiB: warm.rssMiB })
      say(`cold ${cold.readyMs} ms, warm ${warm.readyMs} ms, ${Math.round(warm.rssMiB)} MiB`)
    }
    return { figures: collector.samples }
  },
}

/** Starts it, waits for its picture, measures, and ends it. */
async function startOnce(): Promise<{ readyMs: number; rssMiB: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  const child = spawn(
    process.execPath,
    [join(root, 'scripts/start.mjs'), '--headless', '--picture', join(folder, 'picture.png')],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  try {
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve)
      child.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)))
    })
    const { readyMs }: { readyMs: number } = JSON.parse(line)
    return { readyMs, rssMiB: memoryMiB(treeOf(child.pid ?? 0)) }
  } finally {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}
