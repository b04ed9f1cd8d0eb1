/** Everything that a fresh clone needs before anything of it can run. */
import { spawn } from 'node:child_process'
import { buildConsole } from './build.mjs'
import { installDependencies } from './install.mjs'
import { suitableNode } from './node.mjs'

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
export function goOn(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options })
    const pass = () => undefined
    process.on('SIGINT', pass)
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
}
