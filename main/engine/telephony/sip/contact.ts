/** Under which address others reach this account here: of a registration, and of dialogues. */
import { URI } from 'sip.js/lib/core/index.js'
import type { Answer } from './agent.ts'
import { optionTags } from './option-tags.ts'

const LONGEST_S = 86_400

/** What a registrar has agreed to. */
export interface Grant {
  /** For how long. */
  readonly seconds: number
  /** An address of the whole exchange that leads here, whatever connection there is (RFC 5627, 4.2). */
  readonly gruu: URI | undefined
  /** It keeps to the connection that it was registered over (RFC 5626, 4.2.1). */
  readonly outbound: boolean
  /** After so many seconds without a sign of life it gives the connection up (RFC 5626, 4.4). */
  readonly flowTimerS: number | undefined
}

export class Contact {
  readonly #instance: string
  readonly #flow: number
  #uri: URI
  #grant: Pick<Grant, 'gruu' | 'outbound'> = { gruu: undefined, outbound: false }

  constructor(instance: string, flow: number, uri: URI) {
    this.#instance = instance
    this.#flow = flow
    this.#uri = uri
  }

  /** Where this side is on the network. */
  get uri(): URI {
    return this.#uri
  }

  /** This side is elsewhere now. */
  move(uri: URI): void {
    this.#uri = uri
  }

  /** Undefined: it is not registered any more. */
  grant(grant: Grant | undefined): void {
    this.#grant = grant ?? { gruu: undefined, outbound: false }
  }

  get forRegistration(): string {
    return `<${this.#uri.toRaw()}>;+sip.instance="<urn:uuid:${this.#instance}>";reg-id=${this.#flow}`
  }

  /**
   * Of calls. A GRUU outlives the connection; over UDP the place itself lasts, and then it is better: it leads here
   * even when the exchange has forgotten who is registered.
   */
  get forCalls(): string {
    const { gruu } = this.#grant
    return gruu === undefined || !this.#isConnected ? this.forSubscriptions : `<${gruu.toRaw()}>`
  }

  /**
   * Exchanges tell of numbers to a place, and seldom look up who is there now. `ob` asks that it be over this
   * connection (RFC 5626, 4.3); over UDP, requests in dialogues need not leave by the way of the registration.
   */
  get forSubscriptions(): string {
    const ob = this.#grant.outbound && this.#isConnected ? ';ob' : ''
    return `<${this.#uri.toRaw()}${ob}>;+sip.instance="<urn:uuid:${this.#instance}>"`
  }

  get #isConnected(): boolean {
    return this.#uri.getParam('transport') !== undefined
  }

  /** Of the answer to a registration of this Contact for so many seconds. */
  grantOf(answer: Answer, askedS: number): Grant {
    const own = answer.headers('contact').find((contact) => this.#isThis(contact)) ?? ''
    const said = /;\s*expires\s*=\s*"?(\d+)/i.exec(own)?.[1] ?? answer.header('expires')
    const seconds = Number(said ?? askedS)
    const flowTimer = Number(answer.header('flow-timer'))
    return {
      seconds: seconds > 0 ? Math.min(seconds, LONGEST_S) : askedS,
      gruu: uriOf(/;\s*pub-gruu\s*=\s*"([^"]*)"/i.exec(own)?.[1]),
      outbound: optionTags(answer.header('require')).includes('outbound'),
      flowTimerS: flowTimer > 0 ? flowTimer : undefined,
    }
  }

  #isThis(contact: string): boolean {
    const flow = /;\s*reg-id\s*=\s*"?(\d+)/i.exec(contact)?.[1]
    return contact.includes(this.#instance)
      ? flow === undefined || Number(flow) === this.#flow
      : contact.includes(`<${this.#uri.toRaw()}>`)
  }
}

/** A GRUU has a user, a host and `gr`, and whatever else is in it is not needed (RFC 5627, 3.1). */
function uriOf(gruu: string | undefined): URI | undefined {
  const [, user, host, port, id] =
    /^sip:([^@;?\s<>"]+)@(\[[^\]\s<>"]+\]|[^:;?\s<>"]+)(?::(\d{1,5}))?;(?:[^?\s<>"]*;)?gr=([^;?\s<>"]+)/i.exec(
      gruu ?? '',
    ) ?? []
  if (user === undefined || host === undefined || id === undefined) return undefined
  return new URI('sip', decoded(user), host, port === undefined ? undefined : Number(port), { gr: id })
}

function decoded(user: string): string {
  try {
    return decodeURIComponent(user)
  } catch {
    return user
  }
}
