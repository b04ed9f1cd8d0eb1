/** A SIP port of the engine's for a test, with real media, and what it heard. */
import type { ExchangeServer } from '../../contract/telephony.ts'
import { type CallVoice, openCallVoice } from '../../main/engine/telephony/call-voice.ts'
import type { SipCall } from '../../main/engine/telephony/sip/sip-call.ts'
import {
  openSipPort,
  type Registration,
  type SipPort,
  type SipPortOptions,
  type SipText,
} from '../../main/engine/telephony/sip/sip-port.ts'
import type { AtEnd } from './at-end.ts'

export interface TestSip {
  readonly port: SipPort<CallVoice>
  readonly registrations: readonly Registration[]
  readonly incoming: readonly SipCall<CallVoice>[]
  readonly messages: readonly SipText[]
  /** Calls that others have asked for. */
  readonly referred: readonly SipCall<CallVoice>[]
}

export interface TestSipOptions extends Partial<Omit<SipPortOptions<CallVoice>, 'server' | 'ears'>> {
  readonly server: ExchangeServer
  readonly user: string
  readonly password: string
}

/** Not registered yet. */
export function openTestSip(atEnd: AtEnd, options: TestSipOptions): TestSip {
  const registrations: Registration[] = []
  const incoming: SipCall<CallVoice>[] = []
  const messages: SipText[] = []
  const referred: SipCall<CallVoice>[] = []
  const port = openSipPort<CallVoice>({
    domain: 'pbx.test',
    openMedia: () => openCallVoice(options.server, false),
    ...options,
    ears: {
      registration: (registration) => registrations.push(registration),
      incoming: (call) => incoming.push(call),
      message: (message) => messages.push(message),
      referred: (_from, to) => referred.push(to),
    },
  })
  atEnd(() => port.close())
  return { port, registrations, incoming, messages, referred }
}
