/** ffmpeg as the hand that reaches a camera: what it is told, and what its words mean. Pure. */
import type { SourceFault } from '../../contract/sources.ts'

/** A camera's user and password: secrets of the hub. */
export interface CameraLogin {
  readonly user: string
  readonly password: string
}

/** Silence of the connection for so long ends it. */
const SILENT_US = 5_000_000

/**
 * The camera as a script of the concat demuxer, which ffmpeg reads from its standard input: a password in its arguments
 * would be in the process list. Nothing is looked at longer than it takes to know the format: pictures come at once.
 */
export function scriptFor(url: string, login: CameraLogin | undefined, withSound: boolean): string {
  const address = new URL(url)
  if (login !== undefined) {
    address.username = quoted(login.user)
    address.password = quoted(login.password)
  }
  return [
    'ffconcat version 1.0',
    `file '${address.href}'`,
    'option rtsp_transport tcp',
    `option allowed_media_types ${withSound ? 'video+audio' : 'video'}`,
    `option timeout ${SILENT_US}`,
    ...looking(withSound).map(([name, value]) => `option ${name} ${value}`),
    '',
  ].join('\n')
}

/**
 * How long it looks at what comes before it begins: for one stream not at all, for two until both are known, which is
 * with the first picture. 0.3 s at most.
 */
const looking = (withSound: boolean): readonly (readonly [name: string, value: string])[] =>
  withSound
    ? [
        ['probesize', '500000'],
        ['analyzeduration', '300000'],
        ['fpsprobesize', '0'],
        ['max_ts_probe', '0'],
      ]
    : [
        ['probesize', '32'],
        ['analyzeduration', '0'],
      ]

/** Percent-encoded, the apostrophe too, which ends a word in the script. */
const quoted = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27')

/** Where RTP goes on this machine, and what it is marked with. */
export interface RtpTo {
  readonly rtpPort: number
  readonly rtcpPort: number
  readonly payloadType: number
  readonly ssrc: number
}

/** The picture as it is, and the sound in Opus, each on its own: neither waits for the other. */
export const argumentsFor = (picture: RtpTo, sound: RtpTo | undefined): string[] => [
  '-hide_banner',
  ...['-loglevel', 'error'],
  ...looking(sound !== undefined).flatMap(([name, value]) => [`-${name}`, value]),
  ...['-protocol_whitelist', 'pipe,rtsp,rtsps,rtp,tcp,tls,udp,crypto'],
  ...['-f', 'concat', '-safe', '0', '-i', 'pipe:0'],
  ...['-map', '0:v:0', '-c:v', 'copy'],
  // Some cameras say how their pictures are to be read once, in the description of the stream: whoever comes later
  // could not begin.
  ...['-bsf:v', 'dump_extra=freq=keyframe'],
  ...rtpTo(picture),
  // Without -vn it would send the picture there, too, where there is no sound.
  ...(sound === undefined ? [] : ['-map', '0:a:0?', '-vn', ...asOpus, ...rtpTo(sound)]),
]

const asOpus = ['-c:a', 'libopus', '-ar', '48000', '-ac', '2', '-b:a', '32k', '-application', 'voip']

const rtpTo = ({ rtpPort, rtcpPort, payloadType, ssrc }: RtpTo): string[] => [
  ...['-f', 'rtp', '-payload_type', String(payloadType), '-ssrc', String(ssrc)],
  `rtp://127.0.0.1:${rtpPort}?rtcpport=${rtcpPort}&pkt_size=1200`,
]

/** Whether it has ended because the camera has no sound. */
export const isSoundless = (said: string): boolean => said.includes('does not contain any stream')

/** Why it has ended, by what it has said. */
export function faultIn(said: string): SourceFault {
  if (/\b40[13]\b|Unauthorized|Forbidden/i.test(said)) return 'refused'
  if (/\b(453|503|5XX)\b|Not Enough Bandwidth|Service Unavailable/i.test(said)) return 'busy'
  if (/refused|timed out|unreachable|no route|404|not found|resolve|Name or service/i.test(said))
    return 'unreachable'
  if (/matches no streams|codec parameters|could not find codec|not currently supported/i.test(said))
    return 'format'
  return 'silent'
}

/** Whether the picture is one that the SFU carries, by the description that ffmpeg prints of it (RFC 6184, 8.2). */
export const isH264 = (description: string): boolean => /^a=rtpmap:\d+ H264\/90000\s*$/m.test(description)
