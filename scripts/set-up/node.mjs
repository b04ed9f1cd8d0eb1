/** A Node that is new enough: this one, or one from the npm registry in the cache. */
import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runCommand } from './command.mjs'
import { cache } from './places.mjs'
import { SetUpError, step } from './say.mjs'

const OLDEST = 24
const VERSION = '24.21.0'

/** The path of a Node that runs this repository. */
export async function suitableNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST) return process.execPath
  const folder = join(cache, `node-${VERSION}`)
  const binary = join(
    folder,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (await works(binary)) return binary
  return step(`Node ${VERSION} from the npm registry (this is ${process.versions.node})`, async () => {
    mkdirSync(folder, { recursive: true })
    // The package's own script brings the binary; it is installed alone, so no other script runs.
    const { output } = await runCommand(process.execPath, [
      npmCli(),
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--ignore-scripts=false',
      `node@${VERSION}`,
    ])
    if (await works(binary)) return binary
    throw new SetUpError(
      `Node ${VERSION} could not be had from the npm registry. Install Node ${OLDEST} or newer, then run this again.\n${output.slice(-800)}`,
    )
  })
}

async function works(binary) {
  if (!existsSync(binary)) return false
  const { code, output } = await runCommand(binary, ['--version'])
  return code === 0 && output.trim() === `v${VERSION}`
}

/** npm's own script, so that the suitable Node can run it. */
export function npmCli() {
  const given = process.env.npm_execpath
  if (given?.endsWith('.js')) return given
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const beside = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')
    if (existsSync(beside)) return beside
    const link = join(folder, 'npm')
    if (existsSync(link) && realpathSync(link).endsWith('npm-cli.js')) return realpathSync(link)
  }
  throw new SetUpError('npm was not found beside Node. Install it, then run this again.')
}
