/** `npm test`: everything that must hold, from a bare clone. The last line is the sum. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runCommand } from './set-up/command.mjs'
import { needPackages, packagesOf } from './set-up/debian.mjs'
import { electronBinary } from './set-up/electron.mjs'
import { root } from './set-up/places.mjs'
import { readyConsole } from './set-up/ready.mjs'
import { run, say, step } from './set-up/say.mjs'
import { videoWorker } from './set-up/video-worker.mjs'

const bin = (name) => join(root, 'node_modules', '.bin', name)

run(async () => {
  const node = await readyConsole()
  await needPackages(packagesOf('tests'), 'the tests run against real servers and a real browser')
  const env = {
    PATH: `${dirname(node)}:${process.env.PATH}`,
    CI: '1',
    MEDIASOUP_WORKER_BIN: await videoWorker({ again: true }),
  }
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const check = async (what, program, args) => {
    const { code, output } = await step(what, () => runCommand(program, args, { cwd: root, env }))
    if (code === 0) sum.passed++
    else {
      sum.failed++
      say(output.trimEnd())
    }
  }
  for (const project of ['.', 'renderer', 'field', 'tests'])
    await check(`types (${project})`, bin('tsc'), ['-p', project])
  await check('format, lint and imports between folders', bin('biome'), ['ci', '--error-on-warnings', '.'])
  await check('unused files, exports and dependencies', bin('knip'), [])

  const electron = await electronBinary(node)
  add(sum, await suite(['unit', 'integration', 'peers', 'electron', 'e2e'], node, env))
  if (electron === undefined) sum.skipped += 1
  else add(sum, await suite(['e2e'], node, { ...env, WATCHFLOOR_SHELL: electron }))
  if (electron === undefined) say('skipped: end to end in Electron itself, whose binary is not here')

  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed${skipped}\n`)
  return sum.failed === 0 ? 0 : 1
})

/** Runs vitest's projects and counts. A run that could not finish counts as a failure. */
async function suite(projects, node, env) {
  const folder = mkdtempSync(join(tmpdir(), 'watchfloor-test-'))
  const file = join(folder, 'results.json')
  try {
    const { code } = await step(`tests: ${projects.join(', ')}`, () =>
      runCommand(
        node,
        [
          join(root, 'node_modules', 'vitest', 'vitest.mjs'),
          'run',
          ...projects.flatMap((project) => ['--project', project]),
          '--reporter=dot',
          '--reporter=json',
          `--outputFile.json=${file}`,
        ],
        { cwd: root, env, show: true },
      ),
    )
    const results = JSON.parse(readFileSync(file, 'utf8'))
    const failed =
      results.numFailedTests +
      results.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length
    return {
      passed: results.numPassedTests,
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: results.numPendingTests + results.numTodoTests,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function add(sum, part) {
  for (const key of Object.keys(sum)) sum[key] += part[key]
}
