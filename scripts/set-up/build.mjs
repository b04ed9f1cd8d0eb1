/** The built console in out/, made anew when anything it is made of has changed. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.mjs'
import { root } from './places.mjs'
import { SetUpError, step } from './say.mjs'

const sources = [
  'contract',
  'field',
  'hub',
  'lab',
  'main',
  'preload',
  'renderer',
  'resources/maps',
  'electron.vite.config.ts',
  'package-lock.json',
]
const stamp = join(root, 'out', '.stamp')

export async function buildConsole(node) {
  const wanted = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  await step('Building the console', async () => {
    const cli = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
    const { code, output } = await runCommand(node, [cli, 'build'], { cwd: root })
    if (code !== 0) throw new SetUpError(`the build failed:\n${output.slice(-4000)}`)
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    const field = await runCommand(node, [vite, 'build', 'field'], { cwd: root })
    if (field.code !== 0)
      throw new SetUpError(`the page for the field could not be built:\n${field.output.slice(-4000)}`)
    writeFileSync(stamp, wanted)
  })
}

/** Of every source file's contents, tests left out. */
function fingerprint() {
  const hash = createHash('sha256')
  const take = (path) => {
    const found = statSync(join(root, path), { throwIfNoEntry: false })
    if (found === undefined) return
    if (found.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) take(`${path}/${name}`)
    else if (!/\.test\.tsx?$|\.md$/.test(path)) hash.update(path).update(readFileSync(join(root, path)))
  }
  for (const source of sources) take(source)
  return hash.digest('hex')
}
