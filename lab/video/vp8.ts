/** A frame of VP8 as the payloads of RTP packets (RFC 7741, 4). Pure. */

/** With RTP's and SRTP's own bytes below what any network takes in one piece. */
const LONGEST = 1_100
/** Start of the frame's first and only partition that is told apart. */
const BEGINS = 0x10

export function payloadsOf(frame: Buffer): Buffer[] {
  const payloads: Buffer[] = []
  for (let at = 0; at < frame.length; at += LONGEST)
    payloads.push(Buffer.concat([Buffer.of(at === 0 ? BEGINS : 0), frame.subarray(at, at + LONGEST)]))
  return payloads
}
