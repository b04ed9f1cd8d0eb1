/** Reads what electron-builder wrote. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, normalize, posix } from 'node:path'
import * as asar from '@electron/asar'

/** The files in an archive, as paths with slashes. */
export function filesIn(archive) {
  return asar
    .listPackage(archive, { isPack: false })
    .map((name) => name.replaceAll('\\', '/').slice(1))
    .filter((name) => asar.statFile(archive, normalize(name)).files === undefined)
}

export const readIn = (archive, name) => asar.extractFile(archive, normalize(name)).toString('utf8')
const sha256 = (content) => createHash('sha256').update(content).digest('hex')
/** What Electron compares with the hash that was put into the program. */
export const headerHash = (archive) => sha256(asar.getRawHeader(archive).headerString)
/** The files of the same package that a module, or a page, names outside its comments. */
export function relativeImports(name, source) {
  const code = source.replace(/^\s*(?:\*|\/\/|\/\*\*).*$/gm, '')
  const named = name.endsWith('.html')
    ? [...code.matchAll(/(?:src|href)="\.?(\/[^"]+)"/g)].map(([, path]) => `.${path}`)
    : [...code.matchAll(/(?:from|import)\s*\(?\s*["'](\.\/[\w.-]+\.js)["']/g)].map(([, path]) => path)
  return named.map((path) => posix.join(posix.dirname(name), path))
}

/** How two folders differ in files and their sizes. */
export function differences(one, other) {
  const sizes = (top) =>
    new Map(
      readdirSync(top, { recursive: true })
        .filter((name) => statSync(join(top, name)).isFile())
        .map((name) => [name, statSync(join(top, name)).size]),
    )
  if (!existsSync(other)) return ['there are none']
  const [here, there] = [sizes(one), sizes(other)]
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((name) => here.get(name) !== there.get(name))
    .map((name) => `${name}: ${here.get(name) ?? 'not there'} and ${there.get(name) ?? 'not there'}`)
}

/** Whether the archive's own list of hashes holds the right one for a file. */
export const hasItsHash = (archive, name) =>
  asar.statFile(archive, normalize(name)).integrity?.hash ===
  sha256(asar.extractFile(archive, normalize(name)))
