/** The main job as its test does it, as fast as a script can: what the machines and the protocols take of it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { runProgram } from '../tests/support/processes.ts'
import { type Bench, Collector } from './bench.ts'
import { buildConsole } from './seat-console.ts'

const REPEATS = 5
const TEST = 'tests/e2e/main-job.test.ts'
const root = join(import.meta.dirname, '..')

const resultsSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({ assertionResults: z.array(z.object({ duration: z.number().nullish(), status: z.string() })) }),
  ),
})

export const mainJob: Bench = {
  name: 'main-job',
  about:
    'from the sign-in over incident, call, camera, radio, task on a phone, messages and a conference along a road to the other agency and the timeline: the steps of the end-to-end test, in the built console (stand-in) with real servers, without their starting',
  takes: 'about three minutes',
  targets: {},
  run: async (say) => {
    await buildConsole()
    const collector = new Collector()
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const machineMs = await once()
      collector.add({ machineMs })
      say(`${machineMs.toFixed(0)} ms`)
    }
    return { figures: collector.samples }
  },
}

async function once(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-bench-'))
  try {
    const file = join(folder, 'results.json')
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const how = ['--project', 'e2e', '--bail', '1', '--reporter=json', `--outputFile=${file}`]
    await runProgram(process.execPath, [vitest, 'run', ...how, TEST], { cwd: root })
    const { success, testResults } = resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    if (!success) throw new Error('the main job was not done')
    return testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .reduce((sum, { duration }) => sum + (duration ?? 0), 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
