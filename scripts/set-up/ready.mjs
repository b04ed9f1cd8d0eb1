/** Everything that a fresh clone needs before anything of it can run. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildConsole } from './build.mjs'
import { installDependencies } from './install.mjs'
import { suitableNode } from './node.mjs'
import { root } from './places.mjs'

/** Node keeps there what it has compiled, which saves most of a second at each start. */
const compiled = join(root, 'node_modules', '.cache', 'node')

/** A suitable Node, with the dependencies installed. */
export async function readyNode() {
  const node = await suitableNode()
  await installDependencies(node)
  return node
}

/** The same, with the console built. */
export async function readyConsole() {
  const node = await readyNode()
  await buildConsole(node)
  return node
}

/** Goes on in another program, on this terminal, and gives its exit code; signals go to both. */
export function goOn(program, args) {
  return new Promise((resolve, reject) => {
    const env = { NODE_COMPILE_CACHE: compiled, ...process.env }
    const child = spawn(program, args, { stdio: 'inherit', env })
    const pass = () => undefined
    process.on('SIGINT', pass)
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
}
