/** Of the video wall. */
import type { TextsOf } from '../index.ts'

export const wall: TextsOf<'wall'> = {
  wall: {
    empty:
      'Nothing is on the wall yet. Double-click a unit that has a camera, or choose “Add a source” above.',
    size: 'Pictures',
    add: 'Add a source…',
    noMore: 'There is no other source to watch',
    before: 'Page before',
    next: 'Next page',
    page: 'Page {{n}} of {{of}}',
    rotate: 'Rotate',
    stopRotation: 'Stop rotating',
    dwell: 'Time for each page',
    seconds: '{{n}} s',
    statistics: 'Figures',
    fullScreen: 'Full screen',
    show: 'To the wall',
    showMany: 'Cameras to the wall ({{n}})',
    tileHint:
      'Click: large, and back. Arrows: the next picture; Ctrl+arrows: change places; Delete: take it off',
    listen: 'Listen: {{name}}',
    hush: 'Stop listening: {{name}}',
    freeze: 'Freeze: {{name}}',
    unfreeze: 'Back to live: {{name}}',
    frozenSince: 'Frozen at {{time}}',
    snapshot: 'Snapshot: {{name}}',
    toIncident: 'Put the picture of {{name}} to the incident {{title}}',
    snapshotOf: 'Picture of {{name}}',
    putToIncident: 'The picture was put to the incident {{title}}',
    takeOff: 'Take off the wall: {{name}}',
    picture: 'Picture',
    measured: '{{width}}×{{height}} · {{frames}} fps',
    dropped: 'Dropped a second',
    bitrate: 'Bit rate',
    kbits: '{{n}} kbit/s',
    keyFrame: 'Key frame',
    ago: '{{age}} ago',
    viewers: 'Seats that watch',
  },
}
