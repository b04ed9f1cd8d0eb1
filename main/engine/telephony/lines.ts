/** The lines of whoever sits here: opened, kept up with the site, closed. */
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type { Exchange, LineStatus, TelephoneLine } from '../../../contract/telephony.ts'
import type { MediaSession } from '../media/media-session.ts'
import type { SipCall } from './sip/sip-call.ts'
import { type NumberWatcher, Watches } from './watches.ts'

/** A line at its exchange, registered or trying to be. */
export interface OpenLine<Media extends MediaSession> extends NumberWatcher {
  readonly state: Pick<LineStatus, 'state' | 'why'>
  readonly calls: readonly SipCall<Media>[]
  call(number: string): SipCall<Media>
  close(): Promise<void>
}

export interface OpenLineOptions<Media extends MediaSession> {
  readonly line: TelephoneLine
  readonly exchange: Exchange
  readonly password: string
  onChange(): void
  onIncoming(call: SipCall<Media>): void
  /** The other side of a call has this seat call somebody else instead (RFC 3515). */
  onReferred(from: SipCall<Media>, to: SipCall<Media>): void
}

export interface LinesOptions<Media extends MediaSession> {
  readonly clock: () => Instant
  /** The seat's own password of a line, null if it has none. */
  readPassword(line: Id): Promise<string | null>
  openLine(options: OpenLineOptions<Media>): OpenLine<Media>
  onChange(): void
  onIncoming(line: Id, call: SipCall<Media>): void
  /** A call that this seat makes because it was transferred. */
  onReferred(line: Id, call: SipCall<Media>): void
  onTrouble(what: string, error: unknown): void
}

/** Numbers are watched on the first line that is registered. */
export interface Lines<Media extends MediaSession> extends NumberWatcher {
  use(lines: readonly TelephoneLine[], exchanges: readonly Exchange[]): void
  passwordSet(line: Id): void
  statuses(): LineStatus[]
  isUrgent(line: Id): boolean
  /** Its calls are answered by themselves. */
  isHotline(line: Id): boolean
  /** On the line that is asked for, or the first that is registered. Throws a `Refusal` if there is none. */
  call(number: string, line: Id | undefined): { line: Id; call: SipCall<Media> }
  close(): Promise<void>
}

interface Entry<Media extends MediaSession> {
  readonly line: TelephoneLine
  readonly exchange: Exchange
  open: OpenLine<Media> | undefined
  missing: boolean
  shown: Pick<LineStatus, 'state' | 'why' | 'since'>
}

export function openLines<Media extends MediaSession>(options: LinesOptions<Media>): Lines<Media> {
  const { clock, readPassword, openLine, onChange, onIncoming, onReferred, onTrouble } = options
  const entries = new Map<Id, Entry<Media>>()
  const watches = new Watches()
  let used: { readonly lines: readonly TelephoneLine[]; readonly exchanges: readonly Exchange[] } | undefined

  const usable = () => [...entries.values()].filter(({ open }) => open?.state.state === 'registered')

  const follow = (entry: Entry<Media>) => {
    const { state, why } = stateOf(entry)
    if (state !== entry.shown.state || why !== entry.shown.why) entry.shown = { state, why, since: clock() }
    watches.use(usable()[0]?.open)
    onChange()
  }

  const start = async (entry: Entry<Media>): Promise<void> => {
    const { line, exchange } = entry
    if (exchange.servers.length === 0) return follow(entry)
    const password = line.password ?? (await readPassword(line.id))
    // It may have gone while the password was looked for.
    if (entries.get(line.id) !== entry || entry.open !== undefined) return
    entry.missing = password === null
    if (password !== null)
      entry.open = openLine({
        line,
        exchange,
        password,
        onChange: () => follow(entry),
        onIncoming: (call) => onIncoming(line.id, call),
        onReferred: (_from, to) => onReferred(line.id, to),
      })
    follow(entry)
  }

  const stop = (entry: Entry<Media>) => {
    entry.open?.close().catch((error) => onTrouble(`closing line ${entry.line.id}`, error))
    entry.open = undefined
  }

  const begin = (entry: Entry<Media>) =>
    void start(entry).catch((error) => onTrouble(`opening line ${entry.line.id}`, error))

  return {
    use: (lines, exchanges) => {
      if (lines === used?.lines && exchanges === used.exchanges) return
      used = { lines, exchanges }
      const wanted = new Map(lines.map((line) => [line.id, line]))
      for (const [id, entry] of entries)
        if (!wanted.has(id)) {
          entries.delete(id)
          stop(entry)
        }
      for (const line of lines) {
        const exchange = exchanges.find(({ id }) => id === line.exchange)
        if (exchange === undefined) continue
        const known = entries.get(line.id)
        if (known !== undefined && same(known.line, line) && same(known.exchange, exchange)) continue
        if (known !== undefined) stop(known)
        const entry: Entry<Media> = {
          line,
          exchange,
          open: undefined,
          missing: false,
          shown: { state: 'registering', why: null, since: clock() },
        }
        entries.set(line.id, entry)
        begin(entry)
      }
      watches.use(usable()[0]?.open)
      onChange()
    },
    passwordSet: (id) => {
      const entry = entries.get(id)
      if (entry === undefined) return
      stop(entry)
      watches.use(usable()[0]?.open)
      begin(entry)
    },
    watch: (number, hear) => watches.watch(number, hear),
    statuses: () =>
      [...entries.values()].map(({ line, exchange, shown }) => ({
        id: line.id,
        number: line.number,
        exchange: exchange.name,
        ...shown,
      })),
    isUrgent: (id) => entries.get(id)?.line.priority ?? false,
    isHotline: (id) => entries.get(id)?.line.autoAnswer ?? false,
    call: (number, id) => {
      const entry = id === undefined ? usable()[0] : usable().find(({ line }) => line.id === id)
      if (entry?.open === undefined) throw new Refusal('no-line')
      return { line: entry.line.id, call: entry.open.call(number) }
    },
    close: async () => {
      const open = [...entries.values()].map((entry) => entry.open?.close())
      entries.clear()
      watches.use(undefined)
      await Promise.allSettled(open)
    },
  }
}

function stateOf<Media extends MediaSession>({
  open,
  exchange,
  missing,
}: Entry<Media>): Pick<LineStatus, 'state' | 'why'> {
  if (open !== undefined) return open.state
  if (exchange.servers.length === 0) return { state: 'out-of-service', why: null }
  return { state: missing ? 'no-password' : 'registering', why: null }
}

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)
