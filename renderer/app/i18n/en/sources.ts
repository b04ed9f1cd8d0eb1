/** Of video sources. */
import type { TextsOf } from '../index.ts'

export const sources: TextsOf<'sources'> = {
  sources: {
    picture: 'Video: {{name}}',
    states: {
      idle: 'Opening the video…',
      starting: 'Opening the video…',
      up: 'Waiting for a picture…',
      down: 'No picture: {{why}} It is tried again by itself.',
      absent: 'This source is not connected. Its picture appears as soon as it is.',
    },
    faults: {
      unreachable: 'the camera does not answer. Check its power and network.',
      refused: 'the camera refuses the user or the password. Ask the administrator to check them.',
      busy: 'the camera takes no more connections: too many may be watching it elsewhere.',
      silent: 'the camera is connected, but sends no picture.',
      format: 'the picture is not H.264. Change the camera’s encoding.',
      'no-ffmpeg': 'the hub’s machine lacks ffmpeg. Ask the administrator to install it.',
      'video-down': 'the hub’s video is down.',
    },
    hubAway: 'The hub can’t be reached, so there is no video.',
    live: 'Live · {{kbits}} kbit/s',
    viewers: 'watched at {{n}} seats',
  },
}
