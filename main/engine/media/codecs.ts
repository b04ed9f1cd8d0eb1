/** How each codec is run. */
import type { Codec, Decoder, Encoder } from './codec.ts'
import { G711Decoder, G711Encoder, silence } from './g711.ts'
import { G722Decoder, G722Encoder, SILENT_OCTET } from './g722.ts'
import { lengthOfOpus, OpusDecoder, OpusEncoder, silentOpus } from './opus.ts'

interface Running {
  decoder(): Decoder
  encoder(): Encoder
  /** As much silence as the payload had sound. */
  silence(payload: Uint8Array): Uint8Array
  /** What a decoder says of a payload depends on those before it: late ones are of no use to it. */
  readonly remembers: boolean
}

export const codecs: Readonly<Record<Codec, Running>> = {
  PCMU: {
    decoder: () => new G711Decoder('PCMU'),
    encoder: () => new G711Encoder('PCMU'),
    silence: ({ length }) => silence('PCMU', length),
    remembers: false,
  },
  PCMA: {
    decoder: () => new G711Decoder('PCMA'),
    encoder: () => new G711Encoder('PCMA'),
    silence: ({ length }) => silence('PCMA', length),
    remembers: false,
  },
  G722: {
    decoder: () => new G722Decoder(),
    encoder: () => new G722Encoder(),
    silence: ({ length }) => new Uint8Array(length).fill(SILENT_OCTET),
    remembers: true,
  },
  opus: {
    decoder: () => new OpusDecoder(),
    encoder: () => new OpusEncoder(),
    silence: (payload) => silentOpus(lengthOfOpus(payload)),
    remembers: true,
  },
  linear: {
    decoder: () => ({ decode: samplesOf }),
    encoder: () => ({ encode: linearPayload }),
    silence: ({ length }) => new Uint8Array(length),
    remembers: false,
  },
}

/** The samples as a payload, and back: the same memory. */
export const linearPayload = (samples: Int16Array): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)

const samplesOf = (payload: Uint8Array): Int16Array =>
  new Int16Array(payload.buffer, payload.byteOffset, payload.byteLength >> 1)
