/** Runs one of this repository's programs under a suitable Node: `node scripts/run.mjs hub/cli.ts …`. */
import { join } from 'node:path'
import { root } from './set-up/places.mjs'
import { goOn, readyNode } from './set-up/ready.mjs'
import { run } from './set-up/say.mjs'

run(async () => {
  const [program, ...args] = process.argv.slice(2)
  return goOn(await readyNode(), [join(root, program), ...args])
})
