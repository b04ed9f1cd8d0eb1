/** Running other programs. */
import { spawn } from 'node:child_process'

/**
 * Runs a program to its end and gives its exit code and what it printed. With `show` its output goes to stderr as
 * it comes. With `limitMs` it is killed when the time is up, and the code is null.
 */
export function runCommand(program, args, { cwd, env, show = false, limitMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (chunk) => {
      output += chunk
      if (show) process.stderr.write(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    const timer = limitMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, output })
    })
  })
}
