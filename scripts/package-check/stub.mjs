/**
 * Folders that look like Electron to electron-builder, as small as they can be: programs with a fuse wire, and for
 * Windows with the version resource that integrity is written beside.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Marks the fuse wire in Electron's binaries (@electron/fuses). */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const WIRE_VERSION = 1
const EN_US = { lang: 1033, codepage: 1200 }

const builder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib'))
const { NtExecutable, NtExecutableResource, Resource } = builder('resedit')

/** A wire whose every fuse is the opposite of `wanted`, an array of booleans. */
function fuseWire(wanted) {
  const states = wanted.map((on) => (on ? '0' : '1')).join('')
  return Buffer.concat([
    Buffer.from(SENTINEL),
    Buffer.from([WIRE_VERSION, wanted.length]),
    Buffer.from(states),
  ])
}

function windowsProgram(wire) {
  const program = NtExecutable.createEmpty(false, false)
  const resources = NtExecutableResource.from(program)
  const version = Resource.VersionInfo.createEmpty()
  version.setStringValues(EN_US, { ProductName: 'Electron' })
  version.outputToResourceEntries(resources.entries)
  resources.outputResource(program)
  program.setExtraData(Uint8Array.from(wire).buffer)
  return Buffer.from(program.generate())
}

const plist = (values) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>${Object.entries(values)
    .map(([key, value]) => `<key>${key}</key><string>${value}</string>`)
    .join('')}</dict></plist>\n`

function macApp(folder, wire) {
  const files = {
    'Info.plist': plist({ CFBundleExecutable: 'Electron', CFBundleName: 'Electron' }),
    'MacOS/Electron': '',
    'Resources/electron.icns': '',
    'Frameworks/Electron Framework.framework/Electron Framework': wire,
  }
  for (const kind of ['', ' (Renderer)', ' (Plugin)', ' (GPU)']) {
    const helper = `Frameworks/Electron Helper${kind}.app/Contents`
    files[`${helper}/Info.plist`] = plist({ CFBundleExecutable: `Electron Helper${kind}` })
    files[`${helper}/MacOS/Electron Helper${kind}`] = ''
  }
  for (const [name, content] of Object.entries(files))
    write(join(folder, 'Electron.app/Contents', name), content)
}

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

/** Makes the stub for `platform` (`linux`, `win`, `mac`) in `folder`. */
export function makeStub(folder, platform, wantedFuses) {
  const wire = fuseWire(wantedFuses)
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'), { recursive: true })
  if (platform === 'linux') write(join(folder, 'electron'), wire)
  if (platform === 'win') write(join(folder, 'electron.exe'), windowsProgram(wire))
  if (platform === 'mac') macApp(folder, wire)
}

/** One picture as Windows wants icons: electron-builder would fetch a program to convert it. */
export function icoOf(png) {
  const head = Buffer.alloc(22)
  head.writeUInt16LE(1, 2) // an icon,
  head.writeUInt16LE(1, 4) // one picture,
  head.writeUInt16LE(1, 10)
  head.writeUInt16LE(32, 12)
  head.writeUInt32LE(png.length, 14)
  head.writeUInt32LE(head.length, 18)
  return Buffer.concat([head, png])
}

/** One picture of 512 by 512 as macOS wants icons. */
export function icnsOf(png) {
  const chunk = (name, content) => {
    const head = Buffer.alloc(8)
    head.write(name, 'latin1')
    head.writeUInt32BE(head.length + content.length, 4)
    return Buffer.concat([head, content])
  }
  return chunk('icns', chunk('ic09', png))
}
