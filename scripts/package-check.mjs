/**
 * Packages the built console for Linux, Windows and macOS around stubs of Electron, and checks what came out: what
 * is inside and what is not, the integrity entries, the fuses. Needs no network; says what it checked, and ends with 1
 * if something is wrong. Real installers (deb, AppImage, nsis, dmg) need the real Electron and are not made here.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { Arch, build, Platform } from 'electron-builder'
import { parse } from 'yaml'
import {
  differences,
  filesIn,
  hasItsHash,
  headerHash,
  readIn,
  relativeImports,
} from './package-check/archive.mjs'
import { icnsOf, icoOf, makeStub } from './package-check/stub.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const ENDS_WITHIN_MS = 100_000

/** What each fuse must be in a packaged console. */
const fuses = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
}
const wanted = Object.keys(fuses)
  .sort((a, b) => FuseV1Options[a] - FuseV1Options[b])
  .map((name) => fuses[name])

/** Modules that are started by name and therefore must be there under it. */
const entries = [
  ...['index', 'engine', 'hub', 'lab', 'sqlite-worker'].map((name) => `out/main/${name}.js`),
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/renderer/wall.html',
  'out/field/index.html',
]
const allowed =
  /^(package\.json|out\/main\/[\w.-]+\.js|out\/preload\/index\.cjs|out\/renderer\/((index|wall)\.html|assets\/[\w.-]+)|out\/field\/[\w.-]+\.(html|js|css))$/
const forbiddenNames = /node_modules|stand-in|\.map$|\.tsx?$|\.test\./
/** Words that only the stand-in's sources have. */
const forbiddenWords = /standIn|stand-in for Electron/

const missing = (names, found) =>
  names.filter((name) => !found.includes(name)).map((name) => `${name} is missing`)

const wrong = []
/** Says whether `what` holds: `problems` are what is against it; undefined and false are none. */
function check(what, problems) {
  const found = [problems].flat().filter((problem) => problem !== undefined && problem !== false)
  console.log(found.length === 0 ? `ok     ${what}` : `WRONG  ${what}`)
  for (const problem of found) console.log(`       ${problem}`)
  wrong.push(...found)
}

/** The configuration as it is, by electron-builder's own schema, which covers systems and targets not tried here. */
async function checkConfiguration() {
  const config = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8'))
  const builder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib'))
  const { validateConfiguration } = builder('./util/config/config.js')
  const debug = { isEnabled: false }
  const refusal = (candidate) =>
    validateConfiguration(structuredClone(candidate), debug).then(
      () => undefined,
      (error) => error.message,
    )
  check('the configuration fits electron-builder’s schema', await refusal(config))
  const misspelt = { ...config, mac: { ...config.mac, hardenedRuntim: true } }
  check(
    'the schema would tell of a misspelt option',
    (await refusal(misspelt)) === undefined && 'it was accepted',
  )
  const targets = Object.fromEntries(
    ['win', 'linux', 'mac'].map((system) => [
      system,
      config[system].target.map(({ target, arch }) => `${target} ${[arch].flat().join('+')}`).join(', '),
    ]),
  )
  const expected = { win: 'nsis x64', linux: 'AppImage x64, deb x64', mac: 'dmg x64+arm64' }
  check(
    'Windows, Linux and macOS have their targets',
    Object.keys(expected)
      .filter((system) => targets[system] !== expected[system])
      .map((system) => `${system}: ${targets[system]} instead of ${expected[system]}`),
  )
  check('nothing is published', config.publish !== null && 'publish is set')
  check(
    'the archive is made, with integrity',
    (config.asar !== true || config.disableAsarIntegrity) && 'asar is not',
  )
}

async function checkPackage(name, platform, unpacked, program, resourcesFolder) {
  const stub = join(folder, `${name}-stub`)
  const output = join(folder, name)
  makeStub(stub, name, wanted)
  console.log(`\n${name}`)
  await quietly(() =>
    build({
      projectDir: root,
      targets: platform.createTarget('dir', Arch.x64),
      config: {
        electronDist: stub,
        directories: { output },
        win: { icon: join(folder, 'icon.ico') },
        mac: { icon: join(folder, 'icon.icns') },
      },
    }),
  )
  const resources = join(output, unpacked, resourcesFolder)
  const archive = join(resources, 'app.asar')
  checkArchive(archive)
  check(
    'the resources lie beside the archive, all of them',
    differences(join(root, 'resources'), join(resources, 'resources')),
  )
  checkNative(join(resources, 'node_modules'), platform.nodeName)
  check(
    'nothing lies beside it that should be in it',
    ['app', 'app.asar.unpacked'].filter((other) => existsSync(join(resources, other))),
  )
  await checkFuses(join(output, unpacked, program))
  if (name === 'win') checkWindowsIntegrity(join(output, unpacked, program), archive)
  if (name === 'mac') checkMacIntegrity(join(output, unpacked, program), archive)
}

/** Libraries with a part in machine code: all of what they load, and for this system only. */
function checkNative(modules, system) {
  const parts = {
    '@serialport/bindings-cpp': new RegExp(`^${system}-`),
    'node-hid': new RegExp(`^HID(_hidraw)?-${system}-`),
  }
  check(
    'libraries in machine code lie beside the archive, for this system only',
    Object.entries(parts).flatMap(([name, own]) => {
      const folder = join(modules, name, 'prebuilds')
      const found = existsSync(folder) ? readdirSync(folder) : []
      const others = found.filter((part) => !own.test(part)).map((part) => `${name} has ${part}`)
      return found.length === 0 ? [`${name} has none`] : others
    }),
  )
  if (system !== process.platform) return
  const program = `for (const name of ${JSON.stringify(Object.keys(parts))}) require(name)
    require('@serialport/bindings-cpp').autoDetect()
    require('node-hid').devices()
    const outside = Object.keys(require.cache).filter((file) => !file.startsWith(process.cwd()))
    if (outside.length > 0) throw new Error(outside.join())`
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], {
    cwd: dirname(modules),
    encoding: 'utf8',
  })
  check('they load, with nothing from elsewhere', status !== 0 && stderr)
}

function checkArchive(archive) {
  const names = filesIn(archive)
  check(`the archive has what is started by name (${names.length} files)`, missing(entries, names))
  check(
    'it has nothing else',
    names.filter((name) => !allowed.test(name) || forbiddenNames.test(name)),
  )
  const text = new Map(
    names.filter((name) => /\.(c?js|html|json)$/.test(name)).map((name) => [name, readIn(archive, name)]),
  )
  check(
    'it has every module that another asks for',
    [...text].flatMap(([name, source]) => missing(relativeImports(name, source), names)),
  )
  check(
    'it has nothing of the stand-in',
    [...text].filter(([, source]) => forbiddenWords.test(source)).map(([name]) => name),
  )
  const manifest = JSON.parse(text.get('package.json') ?? '{}')
  const { name, productName, version, main, type } = manifest
  const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  check('its manifest names the console', [
    (name !== ours.name || productName !== ours.productName || version !== ours.version) &&
      `${name} ${version}`,
    (main !== 'out/main/index.js' || type !== 'module') && `main is ${main}, type ${type}`,
    manifest.devDependencies !== undefined && 'it lists tools of development',
  ])
  check(
    'each file in it has its hash',
    names.filter((entry) => !hasItsHash(archive, entry)),
  )
}

async function checkFuses(program) {
  const wire = await getCurrentFuseWire(program)
  check(
    `the fuses are set: ${Object.entries(fuses)
      .map(([fuse, on]) => `${fuse} ${on ? 'on' : 'off'}`)
      .join(', ')}`,
    Object.entries(fuses)
      .filter(([fuse, on]) => wire[FuseV1Options[fuse]] !== (on ? '1' : '0').charCodeAt(0))
      .map(([fuse]) => fuse),
  )
}

/** Where Electron looks for it on Windows: a resource of the program. */
function checkWindowsIntegrity(program, archive) {
  const builder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib'))
  const { NtExecutable, NtExecutableResource } = builder('resedit')
  const { entries: found } = NtExecutableResource.from(NtExecutable.from(readFileSync(program)))
  const entry = found.find(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR')
  const listed = entry === undefined ? [] : JSON.parse(Buffer.from(entry.bin).toString())
  const own = listed.find(({ file }) => file === 'resources\\app.asar')
  check(
    'the program holds the archive’s hash',
    own?.value !== headerHash(archive) && `it holds ${JSON.stringify(listed)}`,
  )
}

/** Where Electron looks for it on macOS: the app's Info.plist. */
function checkMacIntegrity(app, archive) {
  const plist = readFileSync(join(app, 'Contents/Info.plist'), 'utf8')
  check('the app’s Info.plist holds the archive’s hash', [
    !plist.includes('<key>Resources/app.asar</key>') && 'it has no entry',
    !plist.includes(`<string>${headerHash(archive)}</string>`) && 'the hash is another',
  ])
  check(
    'macOS is told why it is asked for microphone and camera',
    missing(
      ['NSMicrophoneUsageDescription', 'NSCameraUsageDescription'],
      [...plist.matchAll(/<key>(\w+)<\/key>/g)].map(([, key]) => key),
    ),
  )
}

/** electron-builder reports every step; its report is wanted only when it fails. */
async function quietly(work) {
  const { write } = process.stdout
  const said = []
  process.stdout.write = (chunk) => said.push(String(chunk)) > 0
  try {
    await work()
  } catch (error) {
    process.stderr.write(said.join(''))
    throw error
  } finally {
    process.stdout.write = write
  }
}

const late = setTimeout(() => {
  console.error(`nothing after ${ENDS_WITHIN_MS / 1000} s`)
  process.exit(1)
}, ENDS_WITHIN_MS).unref()

const folder = mkdtempSync(join(tmpdir(), 'watchfloor-package-'))
try {
  if (!existsSync(join(root, 'out/main/index.js')))
    throw new Error('the console is not built: npx electron-vite build')
  await checkConfiguration()
  const picture = readFileSync(join(root, 'resources/icons/watchfloor.png'))
  writeFileSync(join(folder, 'icon.ico'), icoOf(picture))
  writeFileSync(join(folder, 'icon.icns'), icnsOf(picture))
  await checkPackage('linux', Platform.LINUX, 'linux-unpacked', 'watchfloor', 'resources')
  await checkPackage('win', Platform.WINDOWS, 'win-unpacked', 'Watchfloor.exe', 'resources')
  await checkPackage('mac', Platform.MAC, 'mac', 'Watchfloor.app', 'Watchfloor.app/Contents/Resources')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
clearTimeout(late)
console.log(wrong.length === 0 ? 'The packages are as they should be.' : `${wrong.length} wrong.`)
process.exitCode = wrong.length === 0 ? 0 : 1
