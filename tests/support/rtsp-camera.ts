/** Real RTSP cameras: GStreamer's server with a made-up picture, which asks for a user and a password. */
import { fileURLToPath } from 'node:url'
import type { AtEnd } from './at-end.ts'
import { freePort } from './free-port.ts'
import { type Program, startProgram } from './processes.ts'
import { until } from './until.ts'

export const cameraLogin = { user: 'viewer', password: "it's a: secret" }

/** What those with sound are heard by, Hz. */
export const cameraSound = 440

export interface Cameras {
  /** Of the camera that sends H.264, with sound in G.711; `mute`: without, `aac`: in AAC; `described`: of one that says only at first how to read it; `vp8`: of one that does not. */
  readonly url: (path: 'ball' | 'mute' | 'aac' | 'described' | 'vp8') => string
  /** Each sends a key frame, now. */
  keyFrame(): void
  /** As a camera that is unplugged. */
  unplug(): Promise<void>
  plugIn(): Promise<void>
}

const script = fileURLToPath(new URL('rtsp-camera.py', import.meta.url))

export async function startCameras(atEnd: AtEnd): Promise<Cameras> {
  const port = await freePort()
  let running: Program
  const plugIn = async () => {
    running = startProgram(atEnd, '/usr/bin/python3', [
      script,
      String(port),
      cameraLogin.user,
      cameraLogin.password,
    ])
    await until(() => {
      if (!running.said().includes('ready')) throw new Error(`no cameras: ${running.said()}`)
    })
  }
  await plugIn()
  return {
    url: (path) => `rtsp://127.0.0.1:${port}/${path}`,
    keyFrame: () => void running.process.kill('SIGUSR1'),
    unplug: () => running.kill(),
    plugIn,
  }
}
