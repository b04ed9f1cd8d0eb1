/**
 * The video worker: mediasoup's own program, which carries pictures and sound in rooms. The one that
 * MEDIASOUP_WORKER_BIN names, else the official one, else one built from the package's sources; kept in the cache.
 */
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { arch, platform, release } from 'node:os'
import { join } from 'node:path'
import { buildPackages, buildVideoWorker } from '../video-worker/build.mjs'
import { runCommand } from './command.mjs'
import { needPackages } from './debian.mjs'
import { cache, root } from './places.mjs'
import { SetUpError, say, step } from './say.mjs'

const DOWNLOAD_LIMIT_MS = 60_000
const TRY_AGAIN_MS = 24 * 60 * 60_000
/** What the worker ends with where nobody speaks to it as mediasoup does: it runs on this machine. */
const RUNS = 41

const named = process.env.MEDIASOUP_WORKER_BIN

/**
 * The path of the worker, got ready if it is not there yet. Throws a `SetUpError` that says why it can't be had.
 * `again` tries at once what has failed within a day.
 */
export async function videoWorker({ again = false } = {}) {
  if (named) return checkNamed()
  const { folder, binary } = place()
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  const fresh = mkdtempSync(join(folder, 'new-'))
  try {
    const made = join(fresh, binaryName)
    const notDownloaded = await failureOf('download', { folder, again }, () => download(fresh, made))
    if (notDownloaded !== undefined) {
      await needPackages(buildPackages, 'The video worker is built from source, as it can’t be downloaded')
      const notBuilt = await failureOf('build', { folder, again }, () => build(folder, made))
      if (notBuilt !== undefined) throw new SetUpError(notBuilt)
    }
    renameSync(made, binary)
    return binary
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Lets whatever is started from here have the worker. Where it can't be had it is said why: all but video works. */
export async function giveVideoWorker() {
  try {
    process.env.MEDIASOUP_WORKER_BIN = await videoWorker()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    say(`Video will be down, everything else works: ${error.message}`)
  }
}

/** The path of the worker if it can be used at once, else undefined. */
export function videoWorkerAtHand() {
  if (named) return named
  const { binary } = place()
  return existsSync(binary) ? binary : undefined
}

const binaryName = platform() === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker'
const mediasoup = join(root, 'node_modules', 'mediasoup')

/** A place for each version, machine and way to build it. */
function place() {
  const folder = join(cache, `video-worker-${versionOf()}-${platform()}-${arch()}-${recipe()}`)
  return { folder, binary: join(folder, binaryName) }
}

const versionOf = () => JSON.parse(readFileSync(join(mediasoup, 'package.json'), 'utf8')).version

function recipe() {
  const hash = createHash('sha256')
  const take = (path) => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) take(join(path, name))
    else if (!path.endsWith('.md')) hash.update(readFileSync(path))
  }
  take(join(root, 'scripts', 'video-worker'))
  return hash.digest('hex').slice(0, 8)
}

async function checkNamed() {
  if (await runs(named)) return named
  throw new SetUpError(`MEDIASOUP_WORKER_BIN names ${named}, which is not a video worker that runs here`)
}

/**
 * Why `work` failed, or undefined if it did not. What has failed is not tried again within a day, and the reason of
 * that time is given.
 */
async function failureOf(name, { folder, again }, work) {
  const note = join(folder, `${name}-failed`)
  const failedAt = statSync(note, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (!again && Date.now() - failedAt < TRY_AGAIN_MS) return readFileSync(note, 'utf8')
  try {
    await work()
    rmSync(note, { force: true })
    return undefined
  } catch (error) {
    const why = error instanceof SetUpError ? error.message : String(error?.cause ?? error)
    writeFileSync(note, why)
    return why
  }
}

/** The official binary for this system, named as mediasoup's own npm-scripts.mjs names it. */
async function download(folder, made) {
  const version = versionOf()
  const kernel = platform() === 'linux' ? `-kernel${release().split('.')[0]}` : ''
  const archive = `mediasoup-worker-${version}-${platform()}-${arch()}${kernel}.tgz`
  const releases =
    process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL ??
    'https://github.com/versatica/mediasoup/releases/download'
  await step('The video worker (tried once a day where it can’t be downloaded)', async () => {
    const answer = await fetch(`${releases}/${version}/${archive}`, {
      signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS),
    })
    if (!answer.ok)
      throw new SetUpError(`${archive} can’t be downloaded: ${answer.status} ${answer.statusText}`)
    const packed = join(folder, archive)
    writeFileSync(packed, Buffer.from(await answer.arrayBuffer()))
    const { code, output } = await runCommand('tar', ['-xzf', packed, '-C', folder, binaryName])
    if (code !== 0) throw new SetUpError(`${archive} can’t be unpacked: ${output.trim()}`)
  })
  if (!(await runs(made))) throw new SetUpError(`${archive} does not run on this machine`)
}

async function build(scratch, made) {
  await step('Building the video worker from source: two to four minutes on two cores, once', () =>
    buildVideoWorker({ sources: join(mediasoup, 'worker'), scratch, to: made }),
  )
  if (!(await runs(made))) throw new SetUpError('the video worker that was built does not run')
}

async function runs(binary) {
  try {
    const { code } = await runCommand(binary, [], { env: { MEDIASOUP_VERSION: undefined } })
    return code === RUNS
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOEXEC') return false
    throw error
  }
}
