/** Runs one of this repository's programs under a suitable Node: `node scripts/run.mjs hub/cli.ts …`. */
import { join } from 'node:path'
import { root } from './set-up/places.mjs'
import { goOn, readyNode } from './set-up/ready.mjs'
import { run } from './set-up/say.mjs'
import { giveVideoWorker } from './set-up/video-worker.mjs'

run(async () => {
  const [program, ...args] = process.argv.slice(2)
  const node = await readyNode()
  if (program === 'hub/cli.ts' && serves(args)) await giveVideoWorker()
  return goOn(node, [join(root, program), ...args])
})

/** A hub that is to run, and not one of the tools for its data. */
const serves = (args) => args[0] === undefined || args[0] === 'serve' || args[0].startsWith('--')
