/** Runs one of this repository's programs under a suitable Node: `node scripts/run.mjs hub/cli.ts …`. */
import { join } from 'node:path'
import { needPackages, packagesOf } from './set-up/debian.mjs'
import { root } from './set-up/places.mjs'
import { goOn, readyConsole, readyNode } from './set-up/ready.mjs'
import { run } from './set-up/say.mjs'
import { giveVideoWorker } from './set-up/video-worker.mjs'

run(async () => {
  const [program, ...args] = process.argv.slice(2)
  const serving = program === 'hub/cli.ts' && serves(args)
  // What is built has the page that the hub serves to phones, and the console that pictures are taken of.
  const built = serving || program === 'scripts/pictures.ts'
  const node = await (built ? readyConsole() : readyNode())
  if (built) await giveVideoWorker()
  if (program === 'bench/run.ts' && args.length > 0)
    await needPackages([...packagesOf('tests'), ...packagesOf('bench')], 'benchmarks run beside real peers')
  return goOn(node, [join(root, program), ...args])
})

/** A hub that is to run, and not one of the tools for its data. */
const serves = (args) => args[0] === undefined || args[0] === 'serve' || args[0].startsWith('--')
