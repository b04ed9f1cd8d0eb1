/** What packets say, whatever codec they are in. */
import { decode } from '../../main/engine/media/g711.ts'
import { Hearing } from '../../main/engine/media/hearing.ts'
import type { Leg, VoicePacket } from '../../main/engine/media/leg.ts'
import { Downsampler } from '../../main/engine/media/resampling.ts'

/** For one stream: each packet as 8,000 samples a second. */
export function openEar(): (packet: VoicePacket) => Int16Array {
  const hears = openWideEar()
  const downsampler = new Downsampler()
  return (packet) =>
    packet.codec === 'PCMU' || packet.codec === 'PCMA'
      ? decode(packet.codec, packet.payload)
      : downsampler.take(hears(packet))
}

/** For one stream: each packet as 16,000 samples a second. */
export function openWideEar(): (packet: VoicePacket) => Int16Array {
  const hearing = new Hearing()
  return (packet) => hearing.hear(packet)?.samples ?? new Int16Array()
}

/** Takes what a leg heard since it was last taken, the newest half second at most; `open`: how it is heard. */
export function listenTo(leg: Pick<Leg, 'onVoice'>, open = openEar): () => Int16Array {
  let frames: Int16Array[] = []
  const ear = open()
  leg.onVoice((packet) => {
    frames = [...frames.slice(-24), ear(packet)]
  })
  return () => Int16Array.from(frames.splice(0).flatMap((frame) => [...frame]))
}

/** All of a stream's packets at once, as 8,000 samples a second. */
export function soundOf(packets: readonly VoicePacket[]): Int16Array {
  const ear = openEar()
  return Int16Array.from(packets.flatMap((packet) => [...ear(packet)]))
}
