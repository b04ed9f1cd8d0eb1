/** Searching the directory: by name in either language, id, number, and pinyin in full or by its initials. Pure. */
import { pinyin } from 'pinyin-pro'
import type { Directory, Terminal } from '../../../contract/directory.ts'
import type { Id, Name } from '../../../contract/primitives.ts'
import type { Matching } from './rows.ts'

interface Entry {
  readonly id: Id
  readonly words: string
}

export interface SearchIndex {
  readonly units: readonly Entry[]
  readonly groups: readonly Entry[]
}

const inPinyin = new Map<string, string>()
/** What was once put together stays, for as long as the unit or area itself does. */
const entries = new WeakMap<object, Entry>()

export function indexOf(directory: Directory): SearchIndex {
  return {
    units: Object.values(directory.units).map((unit) =>
      entryOf(unit, () => [wordsOf(unit.id, unit.name), ...unit.terminals.map(numberOf)].join('\n')),
    ),
    groups: [...Object.values(directory.areas), ...Object.values(directory.agencies)].map((group) =>
      entryOf(group, () => wordsOf(group.id, group.name)),
    ),
  }
}

function entryOf(thing: { readonly id: Id }, words: () => string): Entry {
  const known = entries.get(thing)
  if (known !== undefined) return known
  const entry = { id: thing.id, words: words() }
  entries.set(thing, entry)
  return entry
}

/** Everything that has every word of `text` in it, or undefined for no text. */
export function search(index: SearchIndex, text: string): Matching | undefined {
  const wanted = folded(text)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (wanted.length === 0) return undefined
  const has = ({ words }: Entry) => wanted.every((word) => words.includes(word))
  const ids = (entries: readonly Entry[]) => new Set(entries.filter(has).map(({ id }) => id))
  return { units: ids(index.units), groups: ids(index.groups) }
}

const wordsOf = (id: Id, { zh, en }: Name): string => [id, folded(zh), folded(en), soundsOf(zh)].join('\n')

const numberOf = (terminal: Terminal): string =>
  terminal.kind === 'sip' || terminal.kind === 'radio' ? terminal.number.toLowerCase() : ''

/** `鼓楼巡逻 07` is found by "gulouxunluo07", "glxl07", "gulou" and "glxl". Names repeat, so what was once spelt is kept. */
function soundsOf(name: string): string {
  const known = inPinyin.get(name)
  if (known !== undefined) return known
  const full = pinyin(name, { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true })
  const initials = pinyin(name, { pattern: 'first', toneType: 'none', type: 'array', nonZh: 'consecutive' })
  const sounds = [full, initials].map((parts) => folded(parts.join('')).replaceAll(' ', '')).join('\n')
  inPinyin.set(name, sounds)
  return sounds
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()
