/** SRTP and SRTCP (RFC 3711) with AES_CM_128_HMAC_SHA1_80. */
import { ProtectionProfileAes128CmHmacSha1_80, RtpHeader, SrtcpSession, SrtpSession } from 'werift'
import { ReplayWindow } from './replay-window.ts'
import { KEY_BYTES } from './sdes.ts'

export class Protection {
  readonly #rtp: SrtpSession
  readonly #rtcp: SrtcpSession
  readonly #window = new ReplayWindow()

  /** Each is a master key and its salt. */
  constructor({ send, receive }: { readonly send: Uint8Array; readonly receive: Uint8Array }) {
    const config = {
      keys: {
        localMasterKey: Buffer.from(send.subarray(0, KEY_BYTES)),
        localMasterSalt: Buffer.from(send.subarray(KEY_BYTES)),
        remoteMasterKey: Buffer.from(receive.subarray(0, KEY_BYTES)),
        remoteMasterSalt: Buffer.from(receive.subarray(KEY_BYTES)),
      },
      profile: ProtectionProfileAes128CmHmacSha1_80,
    }
    this.#rtp = new SrtpSession(config)
    this.#rtcp = new SrtcpSession(config)
  }

  /** A plain packet, whole. */
  protect(packet: Buffer): Buffer {
    const header = RtpHeader.deSerialize(packet)
    return this.#rtp.encrypt(packet.subarray(header.serializeSize), header)
  }

  protectRtcp(packet: Buffer): Buffer {
    return this.#rtcp.encrypt(packet)
  }

  /** Nothing where it isn't theirs, or came before. */
  unprotect(packet: Buffer): Buffer | undefined {
    const plain = attempt(() => this.#rtp.decrypt(packet))
    if (plain === undefined || plain.length < 12) return undefined
    return this.#window.admit(plain.readUInt32BE(8), plain.readUInt16BE(2)) ? plain : undefined
  }

  unprotectRtcp(packet: Buffer): Buffer | undefined {
    return attempt(() => this.#rtcp.decrypt(packet))
  }
}

/** The library throws at forged and at cut packets alike; anybody may send those. */
function attempt(work: () => Buffer): Buffer | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
