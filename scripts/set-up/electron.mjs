/** Electron's binary: the one that is there, or one download that is tried once a day and not for long. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.mjs'
import { cache, root } from './places.mjs'
import { step } from './say.mjs'

const folder = join(root, 'node_modules', 'electron')
const DOWNLOAD_LIMIT_MS = 90_000
const TRY_AGAIN_MS = 24 * 60 * 60_000

/** The path of the binary, or undefined where it can't be had. */
export async function electronBinary(node) {
  const there = installed()
  if (there !== undefined) return there
  const failed = join(cache, 'electron-download-failed')
  const triedAt = statSync(failed, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (Date.now() - triedAt < TRY_AGAIN_MS) return undefined
  await step('Electron’s binary (tried once a day where it can’t be downloaded)', () =>
    runCommand(node, [join(folder, 'install.js')], { limitMs: DOWNLOAD_LIMIT_MS }),
  )
  const came = installed()
  if (came === undefined) {
    mkdirSync(cache, { recursive: true })
    writeFileSync(failed, '')
  }
  return came
}

function installed() {
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(binary) ? binary : undefined
}
