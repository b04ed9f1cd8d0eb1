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
  steering: {
    title: 'Turn',
    of: 'Turn the camera: {{name}}',
    ways: {
      upLeft: 'Up and left',
      up: 'Up',
      upRight: 'Up and right',
      left: 'Left',
      right: 'Right',
      downLeft: 'Down and left',
      down: 'Down',
      downRight: 'Down and right',
      closer: 'Zoom in',
      away: 'Zoom out',
    },
    speed: 'Speed',
    speeds: { slow: 'Slow', middle: 'Middle', fast: 'Fast' },
    presets: 'Presets',
    noPresets: 'The camera has no presets.',
    asking: 'Asking the camera…',
    hint: 'It turns while held. The arrow keys, + and − do the same.',
    by: '{{name}} is turning it',
  },
  cameraTroubles: {
    unreachable: 'its control service does not answer. Check its network and its ONVIF settings.',
    refused: 'it refuses the user or the password. Ask the administrator to check them.',
    'not-steerable': 'it has nothing that turns.',
    fault: 'it refused to.',
    nonsense: 'its answer makes no sense. Ask the administrator to check the ONVIF address.',
  },
}
