/** Debian packages that a run needs: installed when that is allowed, else named with the command that installs them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.mjs'
import { root } from './places.mjs'
import { SetUpError, step } from './say.mjs'

/** The packages that a folder's list names. */
export const packagesOf = (folder) =>
  readFileSync(join(root, folder, 'debian-packages.txt'), 'utf8')
    .split(/\s+/)
    .filter((name) => name !== '')

/** Installs whichever of these packages are missing; `why` says what for. */
export async function needPackages(packages, why) {
  if (!existsSync('/usr/bin/dpkg-query')) {
    throw new SetUpError(
      `${why}: this needs what Debian calls ${packages.join(', ')}. Install it, then run this again.`,
    )
  }
  const missing = await missingOf(packages)
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  if (process.getuid?.() !== 0)
    throw new SetUpError(`${why}. Install what is missing, then run this again:\n  sudo ${command}`)
  await step(`${why}: ${missing.join(', ')} (apt-get)`, async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await runCommand('apt-get', ['update', '-qq'], { env })
    const { code, output } = await runCommand('apt-get', command.split(' ').slice(1), { env })
    if (code !== 0) throw new SetUpError(`${command} failed:\n${output.slice(-2000)}`)
  })
}

async function missingOf(packages) {
  const { output } = await runCommand('dpkg-query', [
    '-W',
    '-f',
    ['$', '{Package} ', '$', '{db:Status-Status}\n'].join(''),
    ...packages,
  ])
  const there = new Set(
    output
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  )
  return packages.filter((name) => !there.has(name))
}
