/**
 * Makes what the simulated cameras see: `node lab/make-scenes.ts resources/lab-scenes`. Draws a street with ffmpeg
 * (Debian: ffmpeg, fonts-dejavu-core), cars on it and a clock in it, and writes VP8 in IVF, eight seconds that repeat.
 */
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const WIDTH = 320
const HEIGHT = 180
const RATE = 10
const SECONDS = 8
const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf'

interface Car {
  readonly colour: string
  readonly size: string
  /** Pixels a second, to the right, and where from. */
  readonly speed: number
  readonly from: number
  readonly lane: number
}

/** Name, sky, road, and who drives there. */
const scenes: readonly (readonly [string, string, string, readonly Car[]])[] = [
  [
    'day',
    '0x7a93a8',
    '0x4a4f57',
    [
      { colour: '0xc8382c', size: '46x20', speed: 80, from: 0, lane: 100 },
      { colour: '0xe8e8e8', size: '60x24', speed: -60, from: 260, lane: 136 },
    ],
  ],
  [
    'night',
    '0x101724',
    '0x23272f',
    [
      { colour: '0xf2c14e', size: '40x16', speed: 120, from: 40, lane: 104 },
      { colour: '0x3d6fd6', size: '48x20', speed: -100, from: 200, lane: 140 },
    ],
  ],
  [
    'rain',
    '0x56616b',
    '0x33383d',
    [
      { colour: '0x2f7d4f', size: '80x30', speed: 40, from: 120, lane: 98 },
      { colour: '0xd98f2b', size: '42x18', speed: -80, from: 60, lane: 142 },
    ],
  ],
]

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('node lab/make-scenes.ts FOLDER\n')
  process.exit(2)
}
await mkdir(folder, { recursive: true })
for (const [name, sky, road, cars] of scenes) {
  const inputs = [
    `color=${sky}:size=${WIDTH}x${HEIGHT}`,
    ...cars.map(({ colour, size }) => `color=${colour}:size=${size}`),
  ]
  const street = `drawbox=y=88:h=92:color=${road}:t=fill,drawbox=y=131:h=2:color=0xb8b8a0:t=fill`
  const drawn = cars.map(({ speed, from, lane }, at) => {
    // Across the picture and the width of a car, so that what leaves on one side comes in on the other.
    const round = WIDTH + 80
    return `[s${at}][${at + 1}]overlay=x='mod(${from}+${speed}*t+${round * 8}\\,${round})-80':y=${lane}[s${at + 1}]`
  })
  const clock = `drawtext=fontfile=${FONT}:text='%{pts\\:hms}':x=6:y=6:fontsize=16:fontcolor=white:box=1:boxcolor=black@0.5`
  await promisify(execFile)('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...inputs.flatMap((input) => ['-f', 'lavfi', '-i', `${input}:rate=${RATE}`]),
    '-filter_complex',
    [`[0]${street}[s0]`, ...drawn, `[s${cars.length}]${clock}`].join(';'),
    ...['-t', String(SECONDS), '-c:v', 'libvpx', '-b:v', '70k', '-g', String(RATE), '-deadline', 'best'],
    ...['-f', 'ivf', join(folder, `${name}.ivf`)],
  ])
}
