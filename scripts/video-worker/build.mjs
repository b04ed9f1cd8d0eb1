/**
 * mediasoup's worker from the sources in its npm package. Upstream's build downloads the libraries it needs; this one
 * takes Debian's, by the subprojects beside this file. Two to four minutes on two cores.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../set-up/command.mjs'
import { SetUpError } from '../set-up/say.mjs'

const here = dirname(fileURLToPath(import.meta.url))

/** What the build needs of Debian; of these only the NSS library, which Debian's libsrtp wants, is needed to run. */
export const buildPackages = [
  'g++',
  'meson',
  'ninja-build',
  'pkg-config',
  'libuv1-dev',
  'libsrtp2-dev',
  'libssl-dev',
  'libabsl-dev',
  'flatbuffers-compiler',
  'libflatbuffers-dev',
  'libnss3',
]

/** Everything that is not as upstream has it. A change whose place is not found stops the build. */
const changes = [
  {
    why: 'Debian 12 has meson 1.0.1, which is enough',
    file: 'meson.build',
    from: "meson_version: '>= 1.1.0'",
    to: "meson_version: '>= 1.0.0'",
  },
  {
    why: 'the precompiled header saves two fifths of the work',
    file: 'meson.build',
    from: "  cpp_args: cpp_args + ['-DMS_EXECUTABLE'],",
    to: "  cpp_args: cpp_args + ['-DMS_EXECUTABLE'],\n  cpp_pch: 'precompiled/precompiled.hpp',",
  },
  {
    why: [
      'after a call OpenSSL gives the operation with BIO_CB_RETURN added (BIO_set_callback_ex(3)). Taken as here, the',
      'callback answers 1 to every control call; an OpenSSL with kernel TLS, as Debian’s, then believes that the kernel',
      'sends, makes no write buffer, and crashes in the first DTLS handshake',
    ].join(' '),
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN)',
    to: '(operationType & BIO_CB_RETURN)',
  },
]

/** Builds from `sources`, the folder worker/ of the package, in a folder below `scratch`, and puts the binary at `to`. */
export async function buildVideoWorker({ sources, scratch, to }) {
  mkdirSync(scratch, { recursive: true })
  const work = mkdtempSync(join(scratch, 'video-worker-build-'))
  try {
    const tree = join(work, 'worker')
    cpSync(sources, tree, { recursive: true })
    rmSync(join(tree, 'subprojects'), { recursive: true })
    cpSync(join(here, 'subprojects'), join(tree, 'subprojects'), { recursive: true })
    mkdirSync(join(tree, 'precompiled'))
    copyFileSync(join(here, 'precompiled.hpp'), join(tree, 'precompiled', 'precompiled.hpp'))
    for (const change of changes) apply(change, tree)

    const ninja = join(tree, 'build')
    await must('meson', ['setup', ninja, tree, ...options])
    // The precompiled header has the generated ones in it, which meson does not see.
    await must('meson', ['compile', '-C', ninja, 'flatbuffers-generator'])
    await must('ninja', ['-C', ninja, 'mediasoup-worker'])
    const binary = join(ninja, 'mediasoup-worker')
    await must('strip', [binary])
    chmodSync(binary, 0o755)
    copyFileSync(binary, to)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

const options = [
  '--buildtype=release',
  '-Db_ndebug=true',
  '--wrap-mode=nodownload',
  '-Dcpp_link_args=-static-libstdc++ -static-libgcc',
]

function apply({ why, file, from, to }, tree) {
  const path = join(tree, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(from).length !== 2)
    throw new SetUpError(
      `mediasoup’s ${file} is not as this build knows it: “${from.trim()}”, changed because ${why}, is not there once`,
    )
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
}

async function must(program, args) {
  const { code, output } = await runCommand(program, args)
  if (code !== 0) throw new SetUpError(`${program} ${args[0]} failed:\n${output.slice(-3000)}`)
}
