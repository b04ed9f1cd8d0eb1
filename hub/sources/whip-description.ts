/**
 * The session descriptions of WHIP (RFC 9725, 4.4; RFC 8866): what a publisher offers, as mediasoup takes it, and the
 * answer. Pure.
 */
import type { IceCandidate, IceParameters, RtpCodecParameters, RtpParameters } from 'mediasoup/types'
import type { DtlsParameters, MediaKind } from '../../contract/peers.ts'
import { Refusal } from '../../contract/refusal.ts'

/** One m-section of the offer. */
interface OfferedSection {
  readonly mid: string
  readonly kind: string
  /** As its m-line has them: the answer repeats them. */
  readonly protocol: string
  readonly formats: string
  /** What is taken of it; undefined: it is refused. */
  readonly taken: { readonly kind: MediaKind; readonly rtpParameters: RtpParameters } | undefined
}

export interface WhipOffer {
  readonly dtlsParameters: DtlsParameters
  readonly sections: readonly OfferedSection[]
}

/** What the publisher connects to. */
export interface AnsweringTransport {
  readonly iceParameters: IceParameters
  readonly iceCandidates: readonly IceCandidate[]
  readonly dtlsParameters: DtlsParameters
}

const MOST_SECTIONS = 8

/** Of each codec only the first that is offered is taken. */
const codecNames: Readonly<Record<MediaKind, readonly string[]>> = {
  audio: ['opus', 'pcma', 'pcmu'],
  video: ['h264', 'vp8'],
}
const feedback = new Set(['nack', 'nack pli', 'ccm fir', 'goog-remb', 'transport-cc'])
const extensions = new Set<string>([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'urn:3gpp:video-orientation',
])

/** Throws a `Refusal` for what is no offer to send. */
export function readOffer(sdp: string): WhipOffer {
  const [session = [], ...media] = blocksOf(sdp)
  if (session[0] !== 'v=0' || media.length === 0 || media.length > MOST_SECTIONS)
    throw invalid('a session description with one to eight media sections')
  const fingerprint = first([...session, ...media.flat()], 'fingerprint')?.split(' ')
  const [algorithm = '', value = ''] = fingerprint ?? []
  const known = hashes.find((hash) => hash === algorithm.toLowerCase())
  if (known === undefined || !/^([0-9A-Fa-f]{2}:){19,63}[0-9A-Fa-f]{2}$/.test(value))
    throw invalid('a fingerprint')
  const setup = first([...session, ...media.flat()], 'setup') ?? 'actpass'
  const sections = media.map(readSection)
  if (!sections.some(({ taken }) => taken?.kind === 'video')) throw invalid('a picture in H.264 or VP8')
  return {
    // The publisher opens the handshake unless it insists on waiting for it (RFC 8842, 5.3).
    dtlsParameters: {
      role: setup === 'passive' ? 'server' : 'client',
      fingerprints: [{ algorithm: known, value: value.toUpperCase() }],
    },
    sections,
  }
}

const hashes = ['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512'] as const

function readSection(lines: readonly string[]): OfferedSection {
  const match = /^m=(\w{1,20}) \d{1,5} ([\w/]{1,40}) ([\w -]{1,400})$/.exec(lines[0] ?? '')
  const mid = first(lines, 'mid')
  if (match === null || mid === undefined || !/^[\w-]{1,32}$/.test(mid))
    throw invalid('media sections with an identification')
  const [, kind = '', protocol = '', formats = ''] = match
  const sends = !lines.includes('a=recvonly') && !lines.includes('a=inactive')
  const own = kind === 'audio' || kind === 'video' ? kind : undefined
  const codecs =
    own === undefined || !sends ? [] : codecsOf(lines, formats.trim().split(' ').map(Number), own)
  return {
    mid,
    kind,
    protocol,
    formats,
    taken:
      own === undefined || codecs.length === 0
        ? undefined
        : { kind: own, rtpParameters: { mid, codecs, ...restOf(lines, codecs) } },
  }
}

/** The first codec that is carried here, and its retransmission (RFC 4588). */
function codecsOf(
  lines: readonly string[],
  payloads: readonly number[],
  kind: MediaKind,
): RtpCodecParameters[] {
  const maps = new Map(
    all(lines, 'rtpmap').flatMap((value) => {
      const found = /^(\d{1,3}) ([\w-]{1,40})\/(\d{1,6})(?:\/(\d))?$/.exec(value)
      return found === null ? [] : [[Number(found[1]), found] as const]
    }),
  )
  const parametersOf = (payload: number) => formatParameters(valueFor(lines, 'fmtp', payload))
  const main = payloads.find((payload) => {
    const name = maps.get(payload)?.[2]?.toLowerCase() ?? ''
    if (!codecNames[kind].includes(name)) return false
    return name !== 'h264' || parametersOf(payload)['packetization-mode'] === 1
  })
  const found = main === undefined ? undefined : maps.get(main)
  if (main === undefined || found === undefined) return []
  const [, , name = '', clock, channels] = found
  const codec: RtpCodecParameters = {
    mimeType: `${kind}/${name}`,
    payloadType: main,
    clockRate: Number(clock),
    ...(kind === 'audio' && channels !== undefined && { channels: Number(channels) }),
    parameters:
      name.toLowerCase() === 'h264'
        ? // What the stream really is stands in its parameter sets, which decoders go by.
          { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 }
        : parametersOf(main),
    rtcpFeedback: all(lines, 'rtcp-fb').flatMap((value) => {
      const [payload, type = '', parameter = ''] = value.split(' ')
      const wanted = feedback.has(`${type} ${parameter}`.trim())
      return wanted && (payload === '*' || Number(payload) === main) ? [{ type, parameter }] : []
    }),
  }
  const rtx = payloads.find(
    (payload) => maps.get(payload)?.[2]?.toLowerCase() === 'rtx' && parametersOf(payload).apt === main,
  )
  if (rtx === undefined) return [codec]
  return [
    codec,
    { mimeType: `${kind}/rtx`, payloadType: rtx, clockRate: codec.clockRate, parameters: { apt: main } },
  ]
}

function restOf(
  lines: readonly string[],
  codecs: readonly RtpCodecParameters[],
): Omit<RtpParameters, 'codecs' | 'mid'> {
  const [ssrc] = all(lines, 'ssrc').map((value) => Number(value.split(' ')[0]))
  const repair = all(lines, 'ssrc-group')
    .find((value) => value.startsWith(`FID ${ssrc} `))
    ?.split(' ')[2]
  const cname = all(lines, 'ssrc')
    .map((value) => /^\d+ cname:(\S{1,100})$/.exec(value)?.[1])
    .find((value) => value !== undefined)
  return {
    headerExtensions: all(lines, 'extmap').flatMap((value) => {
      const [id = '', uri = ''] = value.split(' ')
      return extensions.has(uri)
        ? [
            {
              id: Number(id.split('/')[0]),
              uri: uri as NonNullable<RtpParameters['headerExtensions']>[number]['uri'],
            },
          ]
        : []
    }),
    encodings: [
      {
        ...(ssrc !== undefined && { ssrc }),
        ...(repair !== undefined && codecs.length > 1 && { rtx: { ssrc: Number(repair) } }),
      },
    ],
    ...(cname !== undefined && { rtcp: { cname, reducedSize: true } }),
  }
}

/** The answer: what is taken is received, the rest refused. */
export function writeAnswer(
  { sections }: WhipOffer,
  { iceParameters, iceCandidates, dtlsParameters }: AnsweringTransport,
  setup: 'passive' | 'active',
): string {
  const taken = sections.filter((section) => section.taken !== undefined)
  const connecting = [
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    ...iceCandidates.map(
      ({ foundation, protocol, priority, address, port, type, tcpType }) =>
        `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}${tcpType === undefined ? '' : ` tcptype ${tcpType}`}`,
    ),
    'a=end-of-candidates',
    ...dtlsParameters.fingerprints
      .filter(({ algorithm }) => algorithm === 'sha-256')
      .map(({ algorithm, value }) => `a=fingerprint:${algorithm} ${value}`),
    `a=setup:${setup}`,
  ]
  return [
    'v=0',
    'o=- 0 0 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${taken.map(({ mid }) => mid).join(' ')}`,
    ...sections.flatMap((section) => answerSection(section, connecting)),
    '',
  ].join('\r\n')
}

function answerSection(
  { mid, kind, protocol, formats, taken }: OfferedSection,
  connecting: readonly string[],
): string[] {
  if (taken === undefined)
    return [`m=${kind} 0 ${protocol} ${formats}`, 'c=IN IP4 0.0.0.0', 'a=inactive', `a=mid:${mid}`]
  const { codecs, headerExtensions = [] } = taken.rtpParameters
  return [
    `m=${kind} 9 ${protocol} ${codecs.map(({ payloadType }) => payloadType).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=recvonly',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...connecting,
    ...headerExtensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    ...codecs.flatMap(
      ({ mimeType, payloadType, clockRate, channels, parameters = {}, rtcpFeedback = [] }) => {
        const format = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
        return [
          `a=rtpmap:${payloadType} ${mimeType.split('/')[1]}/${clockRate}${channels === undefined ? '' : `/${channels}`}`,
          ...(format.length > 0 ? [`a=fmtp:${payloadType} ${format.join(';')}`] : []),
          ...rtcpFeedback.map(({ type, parameter }) =>
            `a=rtcp-fb:${payloadType} ${type} ${parameter ?? ''}`.trim(),
          ),
        ]
      },
    ),
  ]
}

/** The lines before the first m-line, then those of each section. */
function blocksOf(sdp: string): string[][] {
  const blocks: string[][] = [[]]
  for (const line of sdp.split(/\r?\n/))
    if (line.startsWith('m=')) blocks.push([line])
    else if (line !== '') blocks.at(-1)?.push(line)
  return blocks
}

const all = (lines: readonly string[], name: string): string[] =>
  lines.filter((line) => line.startsWith(`a=${name}:`)).map((line) => line.slice(name.length + 3))
const first = (lines: readonly string[], name: string): string | undefined => all(lines, name)[0]
const valueFor = (lines: readonly string[], name: string, payload: number): string =>
  all(lines, name)
    .find((value) => value.startsWith(`${payload} `))
    ?.slice(String(payload).length + 1) ?? ''

const formatParameters = (text: string): Record<string, string | number> =>
  Object.fromEntries(
    text
      .split(';')
      .map((part) => part.trim().split('='))
      .filter(([name, value]) => name !== undefined && name !== '' && value !== undefined)
      .map(([name = '', value = '']) => [name, /^\d{1,9}$/.test(value) ? Number(value) : value] as const)
      .slice(0, 40),
  )

const invalid = (wanted: string) => new Refusal('invalid', { why: `the offer wants ${wanted}` })
