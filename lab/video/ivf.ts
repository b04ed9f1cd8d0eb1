/** A clip of VP8 in IVF, as frames. Pure. */

export interface Clip {
  /** Frames a second. */
  readonly rate: number
  readonly frames: readonly Buffer[]
}

const FILE_HEADER = 32
const FRAME_HEADER = 12

/** Throws if it is no such file. */
export function readIvf(file: Buffer): Clip {
  if (file.subarray(0, 4).toString() !== 'DKIF' || file.subarray(8, 12).toString() !== 'VP80')
    throw new Error('not VP8 in IVF')
  const rate = file.readUInt32LE(16) / file.readUInt32LE(20)
  const frames: Buffer[] = []
  for (let at = file.readUInt16LE(6); at + FRAME_HEADER <= file.length; ) {
    const length = file.readUInt32LE(at)
    frames.push(file.subarray(at + FRAME_HEADER, at + FRAME_HEADER + length))
    at += FRAME_HEADER + length
  }
  if (file.length < FILE_HEADER || frames.length === 0) throw new Error('a clip without frames')
  return { rate, frames }
}

/** Whether a picture can begin with this frame (RFC 6386, 9.1). */
export const isKeyFrame = (frame: Buffer): boolean => ((frame[0] ?? 1) & 1) === 0
