/** The simulated exchange: registrar and proxy for the seats, with phones and citizens behind it. */
import { chanceFrom } from '../city/random.ts'
import { type CitizenRate, keepCalling } from './citizens.ts'
import type { Clips } from './clips.ts'
import type { DigestAlgorithm } from './digest.ts'
import { chanceOf, type Temperament, talking, temperamentOf } from './person.ts'
import { openPhones, type Phones, type Placed } from './phones.ts'
import { type Account, createProxy, type SipProxy } from './proxy.ts'
import { openStack, type Stack } from './stack.ts'
import { realTime, timersOn } from './time.ts'
import type { Heard } from './voice.ts'
import { openVoices } from './voice.ts'

export interface ExchangeOptions {
  /** An IPv4 address: SIP and RTP are bound to it. */
  readonly host: string
  /** Of SIP over UDP; any that is free if it is left out. */
  readonly port?: number
  readonly domain: string
  /** Lines that seats register. */
  readonly accounts: readonly Account[]
  /** Numbers of simulated phones. */
  readonly phones: readonly string[]
  /** The lines that a number rings all at once: `{ '110': ['8001', '8002'] }`. */
  readonly groups?: Readonly<Record<string, readonly string[]>>
  readonly clips: Clips
  /** How lines prove themselves, the most wanted first; SHA-256 and MD5 if it is left out. */
  readonly algorithms?: readonly DigestAlgorithm[]
  /** In place of what its number makes of it. */
  temperament?(number: string): Temperament
  /** Citizens who call by themselves; none if it is left out. */
  readonly citizens?: CitizenRate
  /** Seconds that a registration must at least be asked for; 30 if it is left out. */
  readonly shortestExpiry?: number
  readonly seed?: number
}

interface CallIn {
  /** The number that shows. */
  readonly from: string
  readonly to: string
  /** The name of a clip; the citizen says it again after a while. */
  readonly clip: string
  /** Milliseconds until the citizen gives up; a minute if it is left out. */
  readonly patienceMs?: number
  /** Milliseconds until the citizen hangs up, once answered. */
  readonly talksForMs?: number
}

interface PhoneView {
  readonly temperament: Temperament
  /** What it has heard in its present call, or in its last. */
  heard(): Heard | undefined
  /** Packets of RTP that it has sent in its present call. */
  sent(): number
  /** Whether the other side holds it. */
  isHeld(): boolean
  hangUp(): void
}

export interface Exchange {
  readonly host: string
  readonly port: number
  readonly domain: string
  /** A citizen calls. */
  callIn(call: CallIn): Placed
  /** Throws if there is no phone of that number. */
  phone(number: string): PhoneView
  /** Contacts that a line is registered with at present. */
  registrations(number: string): number
  /** Transactions at present: what is kept of requests for a while. */
  transactions(): number
  /** Ends every call and lets go of all ports. */
  close(): Promise<void>
}

const PATIENCE_MS = 60_000
const CITIZEN_TALK_MS = 90_000
const SHORTEST_EXPIRY = 30

/** Rejects if the port is taken. */
export async function openExchange(options: ExchangeOptions): Promise<Exchange> {
  const { host, port = 0, domain, clips, groups = {}, seed = 1 } = options
  const numbers = new Set(options.phones)
  const voices = openVoices(host)
  const sentences = spokenBy(clips, 'unit')
  const temperament = (number: string) =>
    numbers.has(number) ? (options.temperament ?? temperamentOf)(number) : undefined
  let proxy: SipProxy | undefined
  const stack: Stack = await openStack({
    host,
    port,
    time: realTime,
    onRequest: (request, from) => proxy?.take(request, from),
  })
  const phones: Phones = await openPhones({
    host,
    domain,
    voices,
    exchange: () => stack.self,
    temperament,
    speaker: (number) => () => talking(sentencesOf(sentences, number), chanceOf(number)),
  })
  proxy = createProxy(stack, {
    time: realTime,
    domain,
    accounts: options.accounts,
    groups,
    algorithms: options.algorithms ?? ['SHA-256', 'MD5'],
    shortestExpiry: options.shortestExpiry ?? SHORTEST_EXPIRY,
    hasPhone: (number) => numbers.has(number),
    phones: phones.self,
  })
  const { registrar } = proxy

  const callIn = ({
    from,
    to,
    clip,
    patienceMs = PATIENCE_MS,
    talksForMs = CITIZEN_TALK_MS,
  }: CallIn): Placed => {
    const said = clips.get(clip)
    if (said === undefined) throw new Error(`no clip is called ${clip}`)
    const speaker = () => talking([said], chanceOf(from))
    const placed = phones.place({ uri: `sip:${to}@${domain}`, from, talksForMs, speaker })
    const timers = timersOn(realTime)
    timers.set('patience', patienceMs, placed.hangUp)
    void placed.answered.then(timers.clearAll)
    return placed
  }
  const citizens = [...clips.keys()].filter((name) => name.startsWith('citizen-'))
  const rest =
    options.citizens === undefined
      ? () => undefined
      : keepCalling({
          rate: options.citizens,
          clips: citizens,
          chance: chanceFrom(seed),
          time: realTime,
          callIn,
        })

  let closing: Promise<void> | undefined
  const end = async () => {
    rest()
    await phones.close()
    voices.close()
    stack.close()
  }

  return {
    host,
    port: stack.self.port,
    domain,
    callIn,
    phone: (number) => {
      const kind = temperament(number)
      if (kind === undefined) throw new Error(`no phone has the number ${number}`)
      return {
        temperament: kind,
        heard: () => phones.heard(number),
        sent: () => phones.callOf(number)?.sent() ?? 0,
        isHeld: () => phones.callOf(number)?.isHeld() ?? false,
        hangUp: () => phones.hangUp(number),
      }
    },
    registrations: (number) => registrar.contactsOf(number).length,
    transactions: () => stack.count,
    close: () => {
      closing ??= end()
      return closing
    },
  }
}

const spokenBy = (clips: Clips, who: string): readonly Uint8Array[] =>
  [...clips].flatMap(([name, said]) => (name.startsWith(`${who}-`) ? [said] : []))

/** Each phone begins with another sentence. */
function sentencesOf(all: readonly Uint8Array[], number: string): readonly Uint8Array[] {
  const first = Math.floor(chanceOf(`${number} says`).next() * all.length)
  return [...all.slice(first), ...all.slice(0, first)]
}
