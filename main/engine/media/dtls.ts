/** Keys for SRTP by a handshake on the stream's own path (DTLS-SRTP, RFC 5763 and RFC 5764). */
import { type KeyObject, verify, X509Certificate } from 'node:crypto'
import {
  CipherContext,
  DtlsClient,
  DtlsServer,
  type DtlsSocket,
  HashAlgorithm,
  NamedCurveAlgorithm,
  ProtectionProfileAes128CmHmacSha1_80,
  SignatureAlgorithm,
} from 'werift'

type Own = Awaited<ReturnType<typeof CipherContext.createSelfSignedCertificateWithKey>>

export interface Certificate extends Own {
  /** SHA-256, as in `a=fingerprint` (RFC 8122, 5). */
  readonly fingerprint: string
}

/** What the other side's description says of its certificate. */
export interface Fingerprint {
  /** `sha-256`. */
  readonly hash: string
  /** Octets in hexadecimal with colons between, in capitals. */
  readonly value: string
}

export interface HandshakeOptions {
  readonly certificate: Certificate
  /** Whether this side begins. */
  readonly active: boolean
  /** Of these the other side's certificate must match one. */
  readonly fingerprints: readonly Fingerprint[]
  send(packet: Buffer): void
  /** Master keys and salts. */
  onKeys(keys: { readonly send: Uint8Array; readonly receive: Uint8Array }): void
  onFailure(why: string): void
}

const KEY_BYTES = 16
const SALT_BYTES = 14
const WITHIN_MS = 10_000
/** Many times what a handshake with lost packets takes: the library keeps fragments for ever. */
const MOST_PACKETS = 500
/** Of TLS messages (RFC 5246, 7.4), and where a record's own type and its message's type stand (RFC 6347, 4.1). */
const [CLIENT_HELLO, SERVER_KEY_EXCHANGE, CERTIFICATE_VERIFY] = [1, 12, 15]
const [HANDSHAKE, MESSAGE_TYPE_AT] = [22, 13]
/** Of TLS 1.2 signatures (RFC 5246, 7.4.1.4.1); SHA-1 is none any more. */
const hashes: Readonly<Record<number, string>> = { 4: 'sha256', 5: 'sha384', 6: 'sha512' }

let own: Promise<Certificate> | undefined

/** One for all calls of this process. */
export function ownCertificate(): Promise<Certificate> {
  own ??= CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  ).then((made) => ({ ...made, fingerprint: new X509Certificate(made.certPem).fingerprint256 }))
  return own
}

/** Whether it is a packet of a handshake among those of a stream (RFC 7983, 7). */
export const isDtls = (packet: Uint8Array): boolean => {
  const [first = 0] = packet
  return first >= 20 && first <= 63
}

export class Handshake {
  readonly #options: HandshakeOptions
  readonly #socket: DtlsClient | DtlsServer
  readonly #timer: NodeJS.Timeout
  #receive: (packet: Buffer) => void = () => undefined
  #taken = 0
  #state: 'under way' | 'done' | 'failed' | 'closed' = 'under way'

  /** Begins at once. */
  constructor(options: HandshakeOptions) {
    this.#options = options
    const { certificate, active, send } = options
    const transport: DtlsSocket['transport']['socket'] = {
      type: 'udp',
      address: { address: '', family: 'IPv4', port: 0 },
      closed: false,
      onData: () => undefined,
      send: async (packet: Buffer) => {
        if (this.#state === 'under way' || this.#state === 'done') send(packet)
      },
      close: async () => undefined,
    }
    const settings = {
      cert: certificate.certPem,
      key: certificate.keyPem,
      signatureHash: certificate.signatureHash,
      transport,
      srtpProfiles: [ProtectionProfileAes128CmHmacSha1_80],
      extendedMasterSecret: true,
    }
    const fail = (error: unknown) => this.#fail(error instanceof Error ? error.message : String(error))
    this.#timer = setTimeout(() => this.#fail('the other side did not agree on keys in time'), WITHIN_MS)
    if (active) {
      const client = new DtlsClient(settings)
      this.#socket = client
      client.connect().catch(fail)
    } else this.#socket = new DtlsServer({ ...settings, certificateRequest: true })
    this.#receive = (packet) => {
      try {
        transport.onData(packet, ['', 0])
      } catch {
        // The library throws at cut packets; anybody may send those.
      }
    }
    this.#socket.onError.subscribe(fail)
    this.#socket.onConnect.subscribe(() => this.#connected())
  }

  take(packet: Buffer): void {
    if (++this.#taken > MOST_PACKETS) return
    // A new beginning is agreed on by a new description; anybody can send a hello.
    const hello = packet[0] === HANDSHAKE && packet[MESSAGE_TYPE_AT] === CLIENT_HELLO
    if (this.#state === 'under way' || (this.#state === 'done' && !hello)) this.#receive(packet)
  }

  close(): void {
    clearTimeout(this.#timer)
    if (this.#state !== 'failed') this.#state = 'closed'
  }

  #connected(): void {
    if (this.#state !== 'under way') return
    const why = this.#objection()
    if (why !== undefined) {
      this.#fail(why)
      return
    }
    this.#state = 'done'
    clearTimeout(this.#timer)
    const { localKey, localSalt, remoteKey, remoteSalt } = this.#socket.extractSessionKeys(
      KEY_BYTES,
      SALT_BYTES,
    )
    this.#options.onKeys({
      send: Buffer.concat([localKey, localSalt]),
      receive: Buffer.concat([remoteKey, remoteSalt]),
    })
  }

  /** What speaks against the keys that were agreed on. */
  #objection(): string | undefined {
    const certificate = this.#socket.remoteCertificate
    if (certificate === undefined) return 'the other side showed no certificate'
    if (!this.#options.fingerprints.some((each) => matches(each, certificate)))
      return 'the other side’s certificate is not the one that it announced'
    // The library doesn't look: without it anybody could show that certificate, which is no secret.
    if (!this.#proves(new X509Certificate(certificate).publicKey))
      return 'the other side does not have the key of its certificate'
    return this.#socket.srtp.srtpProfile === undefined ? 'no common way to protect sound' : undefined
  }

  /** Whether the other side signed this handshake (RFC 5246, 7.4.8; RFC 8422, 5.4). */
  #proves(key: KeyObject): boolean {
    const { cipher, dtls } = this.#socket
    const messages = dtls.sortedHandshakeCache
    const type = this.#options.active ? SERVER_KEY_EXCHANGE : CERTIFICATE_VERIFY
    const at = messages.findIndex(({ msg_type }) => msg_type === type)
    const message = messages[at]?.fragment
    if (message === undefined) return false
    if (!this.#options.active)
      return isSigned(key, message, 0, Buffer.concat(messages.slice(0, at).map((each) => each.serialize())))
    // Curve, then a point with its length before it; the signature covers these after both sides' random numbers.
    const end = 4 + (message[3] ?? 0)
    const randoms = [cipher.localRandom.serialize(), cipher.remoteRandom.serialize()]
    return isSigned(key, message, end, Buffer.concat([...randoms, message.subarray(0, end)]))
  }

  #fail(why: string): void {
    if (this.#state !== 'under way') return
    clearTimeout(this.#timer)
    this.#state = 'failed'
    this.#options.onFailure(why)
  }
}

/** `at` in the message: algorithms, length and signature. */
function isSigned(key: KeyObject, message: Buffer, at: number, what: Buffer): boolean {
  const hash = hashes[message[at] ?? 0]
  if (hash === undefined || message.length < at + 4) return false
  const length = message.readUInt16BE(at + 2)
  return verify(hash, what, key, message.subarray(at + 4, at + 4 + length))
}

const matches = ({ hash, value }: Fingerprint, certificate: Buffer): boolean =>
  hash === 'sha-256' && value === new X509Certificate(certificate).fingerprint256
