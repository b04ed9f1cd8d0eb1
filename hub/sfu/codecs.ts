/** What the SFU carries: what every page can send and show, and what cameras send. */
import type { RouterRtpCodecCapability } from 'mediasoup/types'

const h264 = (profile: string): RouterRtpCodecCapability => ({
  kind: 'video',
  mimeType: 'video/H264',
  clockRate: 90_000,
  parameters: { 'packetization-mode': 1, 'profile-level-id': profile, 'level-asymmetry-allowed': 1 },
})

export const codecs: RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    // Lost packets are made good from the next, and nothing is sent while nobody speaks.
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  { kind: 'audio', mimeType: 'audio/PCMA', clockRate: 8_000, preferredPayloadType: 8 },
  { kind: 'audio', mimeType: 'audio/PCMU', clockRate: 8_000, preferredPayloadType: 0 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  // RFC 6184, 8.1: constrained baseline, main and high.
  h264('42e01f'),
  h264('4d001f'),
  h264('64001f'),
]
