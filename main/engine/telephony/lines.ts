/** The lines of whoever sits here: opened, kept up with the site, closed. */
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type { Exchange, LineStatus, TelephoneLine } from '../../../contract/telephony.ts'
import type { MediaSession } from '../media/media-session.ts'
import type { SipCall } from './sip/sip-call.ts'
import type { SipText } from './sip/sip-port.ts'
import { type NumberWatcher, Watches } from './watches.ts'

/** A line at its exchange, registered or trying to be. */
export interface OpenLine<Media extends MediaSession> extends NumberWatcher {
  readonly state: Pick<LineStatus, 'state' | 'why'>
  readonly calls: readonly SipCall<Media>[]
  call(number: string): SipCall<Media>
  /** See `SipPort`. */
  sendMessage(number: string, text: string): Promise<number>
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
  /** See `SipPortEars`. */
  onMessage(message: SipText): Promise<void>
  /** Whoever hears this line has thrown. */
  onTrouble(error: unknown): void
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
  onMessage: OpenLineOptions<Media>['onMessage']
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
  /** On the first that is registered. Throws a `Refusal` if there is none; rejects as `SipPort` does. */
  sendMessage(number: string, text: string): Promise<number>
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
  const { clock, readPassword, openLine, onChange, onIncoming, onReferred, onMessage, onTrouble } = options
  const entries = new Map<Id, Entry<Media>>()
  const watches = new Watches()
  /** Lines that are taking leave of their exchanges. */
  const closing = new Map<Id, Promise<unknown>>()
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
    // The farewell of the one before is of the same instance, and would take this one's registration back.
    await closing.get(line.id)
    const password = line.password ?? (await readPassword(line.id))
    // It may have gone meanwhile.
    if (entries.get(line.id) !== entry) return
    entry.missing = password === null
    if (password !== null)
      entry.open = openLine({
        line,
        exchange,
        password,
        onChange: () => follow(entry),
        onIncoming: (call) => onIncoming(line.id, call),
        onReferred: (_from, to) => onReferred(line.id, to),
        onMessage,
        onTrouble: (error) => onTrouble(`line ${line.id}`, error),
      })
    follow(entry)
  }

  const stop = ({ line: { id }, open }: Entry<Media>) => {
    if (open === undefined) return
    const closed = open
      .close()
      .catch((error) => onTrouble(`closing line ${id}`, error))
      .finally(() => closing.get(id) === closed && closing.delete(id))
    closing.set(id, closed)
  }

  const begin = (line: TelephoneLine, exchange: Exchange) => {
    const entry: Entry<Media> = {
      line,
      exchange,
      open: undefined,
      missing: false,
      shown: { state: 'registering', why: null, since: clock() },
    }
    entries.set(line.id, entry)
    start(entry).catch((error) => onTrouble(`opening line ${line.id}`, error))
  }

  return {
    use: (lines, exchanges) => {
      if (lines === used?.lines && exchanges === used.exchanges) return
      used = { lines, exchanges }
      const wanted = new Map<Id, readonly [TelephoneLine, Exchange]>()
      for (const line of lines) {
        const exchange = exchanges.find(({ id }) => id === line.exchange)
        if (exchange !== undefined) wanted.set(line.id, [line, exchange])
      }
      for (const [id, entry] of entries) {
        const [line, exchange] = wanted.get(id) ?? []
        if (line !== undefined && same(entry.line, line) && same(entry.exchange, exchange)) wanted.delete(id)
        else {
          entries.delete(id)
          stop(entry)
        }
      }
      for (const [line, exchange] of wanted.values()) begin(line, exchange)
      for (const { id } of lines) {
        const entry = entries.get(id)
        // Back in, behind those before it: they are in the order of the site.
        if (entry !== undefined && entries.delete(id)) entries.set(id, entry)
      }
      watches.use(usable()[0]?.open)
      onChange()
    },
    passwordSet: (id) => {
      const entry = entries.get(id)
      if (entry === undefined) return
      stop(entry)
      begin(entry.line, entry.exchange)
      watches.use(usable()[0]?.open)
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
    sendMessage: (number, text) => {
      const [entry] = usable()
      if (entry?.open === undefined) throw new Refusal('no-line')
      return entry.open.sendMessage(number, text)
    },
    close: async () => {
      for (const entry of entries.values()) stop(entry)
      entries.clear()
      watches.use(undefined)
      await Promise.all(closing.values())
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

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
