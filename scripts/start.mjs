/**
 * `npm start`: the console, with everything it needs, from a bare clone.
 *   --headless        no window: when units move on the map, a picture is saved and one line of JSON printed
 *   --once            with --headless: ends then
 *   --units N         a city of N units instead of 300
 *   --size WxH        of the window or the picture, 1440x900 unless told
 *   --picture FILE    where the picture goes, out/console.png unless told
 *   --hub wss://…     a real site instead of the embedded hub; --ca FILE trusts its certificate
 *   --site FILE       the embedded hub with a site file of one's own
 *   --no-lab          without the simulated city
 *   --lab-speed N     the city moves N times as fast, 0.1 to 10
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runCommand } from './set-up/command.mjs'
import { needPackages } from './set-up/debian.mjs'
import { electronBinary } from './set-up/electron.mjs'
import { root } from './set-up/places.mjs'
import { goOn, readyConsole } from './set-up/ready.mjs'
import { run, SetUpError, say } from './set-up/say.mjs'
import { giveVideoWorker } from './set-up/video-worker.mjs'

const options = {
  headless: { type: 'boolean', default: false },
  once: { type: 'boolean', default: false },
  units: { type: 'string' },
  size: { type: 'string', default: '1440x900' },
  picture: { type: 'string', default: join(root, 'out', 'console.png') },
  hub: { type: 'string' },
  ca: { type: 'string' },
  site: { type: 'string' },
  'no-lab': { type: 'boolean', default: false },
  'lab-speed': { type: 'string' },
  'user-data-dir': { type: 'string' },
}

run(async () => {
  const startedAt = performance.timeOrigin
  const flags = readFlags()
  const node = await readyConsole()
  const electron = await electronBinary(node)
  if (electron === undefined)
    await needPackages(
      ['chromium', 'fonts-noto-cjk'],
      'Electron’s binary is not here: its stand-in draws with Chromium',
    )
  if (flags.hub === undefined) await giveVideoWorker()
  const scratch = mkdtempSync(join(tmpdir(), 'watchfloor-'))
  try {
    const site = flags.units === undefined ? flags.site : await cityOf(flags.units, node, scratch)
    const args = appArguments({ ...flags, site })
    const [program, before] =
      electron === undefined
        ? [node, [join(root, 'tests/electron/stand-in/launch.ts'), `--app=${root}`, `--size=${flags.size}`]]
        : [electron, [root, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]]
    const shell = electron === undefined ? 'stand-in' : 'electron'
    if (flags.headless)
      return await goOn(node, [
        join(root, 'scripts/headless.ts'),
        JSON.stringify({ program, before, args, shell, scratch, startedAt, ...flags }),
      ])
    if (!hasDisplay())
      throw new SetUpError(
        'there is no display here; npm start -- --headless saves a picture of the console instead',
      )
    say(`Watchfloor (${shell === 'electron' ? 'Electron' : 'stand-in for Electron, for development'})`)
    return await goOn(program, [...before, ...args])
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})

function readFlags() {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    throw new SetUpError(
      `${error.message}\nOptions: ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(' ')}`,
    )
  }
}

/** A site file with so many units, made by the lab. */
async function cityOf(units, node, folder) {
  const { code, output } = await runCommand(node, [join(root, 'lab/make-site.ts'), '--units', units])
  if (code !== 0) throw new SetUpError(output.trim())
  const file = join(folder, 'site.yaml')
  writeFileSync(file, output)
  return file
}

/** What the console itself is told. */
function appArguments(flags) {
  return [
    ...['hub', 'ca', 'site', 'lab-speed', 'user-data-dir'].flatMap((name) =>
      flags[name] === undefined ? [] : [`--${name}=${flags[name]}`],
    ),
    // Units of the lab's making need the lab; any other site of one's own does without it.
    ...(flags.units === undefined ? [] : ['--lab']),
    ...(flags['no-lab'] ? ['--no-lab'] : []),
  ]
}

const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY)
