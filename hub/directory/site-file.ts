/** Reads a site file: YAML in, a checked document out, or every fault with its line and what was expected. */
import { readFile } from 'node:fs/promises'
import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  stringify,
  visit,
} from 'yaml'
import type * as z from 'zod'
import { type SiteDocument, siteDocumentSchema } from '../../contract/site.ts'

export interface Fault {
  /** 1 for the first. */
  readonly line: number
  readonly column: number
  /** Where in the document, as `units[3].agency`. */
  readonly where: string
  readonly what: string
}

export class SiteFileError extends Error {
  override readonly name = 'SiteFileError'
  readonly file: string
  readonly faults: readonly Fault[]

  constructor(file: string, faults: readonly Fault[]) {
    const lines = faults.map(({ line, column, where, what }) => `${file}:${line}:${column} ${where}: ${what}`)
    super(lines.join('\n'))
    this.file = file
    this.faults = faults
  }
}

const MANY_FAULTS = 50
/** How often one part of the file may be repeated by reference. */
const MOST_ALIASES = 100

/** Rejects with a `SiteFileError` that names the file and each line at fault. */
export async function readSiteFile(file: string): Promise<SiteDocument> {
  const source = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'there is no such file' : error.message
    throw new SiteFileError(file, [{ line: 0, column: 0, where: 'file', what }])
  })
  return parseSite(source, file)
}

/** `file` is only named in errors. */
export function parseSite(source: string, file: string): SiteDocument {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const faultAt = (offset: number, where: string, what: string): Fault => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col, where, what }
  }
  if (document.errors.length > 0)
    throw new SiteFileError(
      file,
      document.errors.map((error) => faultAt(error.pos[0], 'YAML', error.message)),
    )
  const parsed = siteDocumentSchema.safeParse(
    plainOf(document, (offset, what) => {
      throw new SiteFileError(file, [faultAt(offset, 'YAML', what)])
    }),
  )
  if (parsed.success) return parsed.data
  throw new SiteFileError(
    file,
    parsed.error.issues.slice(0, MANY_FAULTS).map((issue) => {
      const path = pathOf(issue)
      return faultAt(offsetOf(document.contents, path), nameOf(path), explain(issue))
    }),
  )
}

/** The document as plain values. Calls `refuse` for references that lead nowhere, in circles, or to too much. */
function plainOf(document: Document.Parsed, refuse: (offset: number, what: string) => never): unknown {
  const anchors = new Map<string, unknown>()
  let first: number | undefined
  visit(document, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
    Alias: (_key, node, path) => {
      const offset = node.range?.[0] ?? 0
      const target = anchors.get(node.source)
      if (target === undefined) refuse(offset, `*${node.source} refers to nothing before it`)
      if (path.some((above) => above === target)) refuse(offset, `*${node.source} contains itself`)
      first ??= offset
    },
  })
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES })
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return refuse(first ?? 0, error.message)
  }
}

/** The same document as text that `parseSite` reads back. */
export const writeSite = (document: unknown): string => stringify(document, { lineWidth: 110 })

/** Where the node at `path` begins, or the nearest one above it that is there. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let offset = root?.range?.[0] ?? 0
  let node: unknown = root
  for (const key of path) {
    if (!isCollection(node)) break
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      if (pair === undefined) break
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset
      node = pair.value
    } else {
      node = node.items[Number(key)]
      offset = (node as Node | undefined)?.range?.[0] ?? offset
    }
  }
  return offset
}

/** Where the fault is; for a key that does not belong, that key. */
const pathOf = (issue: z.core.$ZodIssue): PropertyKey[] =>
  issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path

const nameOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('') || 'document'

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue.message
  // Of several forms, the ones that are of the right type tell more.
  const near = issue.errors.filter((issues) => !issues.some(isOfAnotherType))
  const options = (near.length > 0 ? near : issue.errors).map((issues) =>
    issues.map(({ path, message }) => [...path.map(String), message].join(': ')).join(', '),
  )
  return [...new Set(options)].join('; or ')
}

const isOfAnotherType = ({ code, path }: z.core.$ZodIssue): boolean =>
  code === 'invalid_type' && path.length === 0
