/** The dependencies of package-lock.json, installed once for each of its versions. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.mjs'
import { npmCli } from './node.mjs'
import { root } from './places.mjs'
import { SetUpError, step } from './say.mjs'

const stamp = join(root, 'node_modules', '.watchfloor')

/** `node` is the one to install under: an older one would pick older packages. */
export async function installDependencies(node) {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  await step('Dependencies (npm ci)', async () => {
    const { code, output } = await runCommand(
      node,
      [npmCli(), 'ci', '--ignore-scripts', '--no-audit', '--no-fund'],
      {
        cwd: root,
      },
    )
    if (code !== 0) throw new SetUpError(`npm ci failed:\n${output.slice(-3000)}`)
    writeFileSync(stamp, wanted)
  })
}
