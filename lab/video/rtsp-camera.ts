/** A real RTSP camera, where this machine has GStreamer's RTSP server, as Debian has it, to be one. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Debian's own: that which knows its libraries. */
const PYTHON = '/usr/bin/python3'

export interface RtspCamera {
  readonly url: string
  close(): void
}

/** Undefined where it can't be had. It ends with this process, however that ends. */
export async function openRtspCamera(resources: string): Promise<RtspCamera | undefined> {
  const scenes = join(resources, 'lab-scenes')
  const camera = spawn(PYTHON, [join(scenes, 'rtsp-camera.py'), join(scenes, 'day.ivf')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const port = new Promise<string | undefined>((resolve) => {
    camera.once('error', () => resolve(undefined))
    camera.once('exit', () => resolve(undefined))
    createInterface({ input: camera.stdout }).once('line', (line) => resolve(/^port (\d+)$/.exec(line)?.[1]))
  })
  // It may end before it has read that it is to.
  camera.stdin.on('error', () => undefined)
  const at = await port
  if (at === undefined) return undefined
  return { url: `rtsp://127.0.0.1:${at}/street`, close: () => camera.stdin.end() }
}
