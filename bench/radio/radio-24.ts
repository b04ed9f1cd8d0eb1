/** A seat that hears 24 channels on all of which somebody speaks: what that costs its engine and its page. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { payloadTypes } from '../../main/engine/media/codec.ts'
import { FRAME_SAMPLES, transcode } from '../../main/engine/media/g711.ts'
import { writeRtp } from '../../main/engine/media/rtp.ts'
import { everyFrame } from '../../main/engine/media/ticker.ts'
import { startTestHub } from '../../tests/support/hub.ts'
import { ownGroup, type RtpAccess } from '../../tests/support/radio-group.ts'
import { smallCityWith } from '../../tests/support/site.ts'
import { until } from '../../tests/support/until.ts'
import { type Bench, Collector } from '../bench.ts'
import { cpuSeconds, memoryMiB } from '../processes.ts'
import { type BenchBrowser, openBenchBrowser } from '../voice/browser.ts'
import { openBenchConsole } from './console.ts'

const CHANNELS = 24
const REPEATS = 5
const SETTLE_MS = 5_000
const MEASURE_MS = 3_000
/** Sentences of the lab's units, one after the other without a pause. */
const CLIPS = ['unit-on-the-way-zh', 'unit-arrived-zh', 'unit-injured-zh', 'unit-done-zh']

export const radio24: Bench = {
  name: 'radio-24',
  about:
    'a seat that hears 24 multicast channels on all of which somebody speaks: its engine, and a page that plays them all',
  targets: { engineCpu: { max: 0.25 } },
  run: async (say) => {
    const collector = new Collector()
    const ends: (() => unknown)[] = []
    try {
      const groups = Array.from({ length: CHANNELS }, () => ownGroup())
      const hub = await startTestHub((end) => ends.push(end), {
        site: smallCityWith({
          channels: groups.map((access, at) => ({ id: `channel-${at}`, name: `Channel ${at}`, access })),
        }),
      })
      const browser = await openBenchBrowser(ends)
      const seat = { hub: hub.url, account: 'supervisor', channels: CHANNELS, speech: 'tone' as const }
      const { pid, channels } = await openBenchConsole(ends, browser, seat)
      await speak(ends, groups)
      await until(() => {
        const heard = channels().filter(({ reception }) => reception.squelch === 'open').length
        if (heard < CHANNELS) throw new Error(`only ${heard} channels are heard`)
      })
      await passed(SETTLE_MS)
      const spent = async () => ({ engine: cpuSeconds(pid), renderer: await rendererSeconds(browser) })
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const began = performance.now()
        const before = await spent()
        await passed(MEASURE_MS)
        const seconds = (performance.now() - began) / 1000
        const after = await spent()
        const figures = {
          engineCpu: (after.engine - before.engine) / seconds,
          rendererCpu: (after.renderer - before.renderer) / seconds,
          rssMiB: memoryMiB([pid]),
        }
        collector.add(figures)
        say(
          Object.entries(figures)
            .map(([name, value]) => `${name} ${value.toFixed(3)}`)
            .join(', '),
        )
      }
      return { figures: collector.samples }
    } finally {
      for (const end of ends.reverse()) await end()
    }
  },
}

/** CPU time of all pages together, s. */
async function rendererSeconds({ browser }: BenchBrowser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.reduce((sum, { type, cpuTime }) => (type === 'renderer' ? sum + cpuTime : sum), 0)
}

/** Somebody on each channel, each at another place of what is said. */
async function speak(ends: (() => unknown)[], groups: readonly RtpAccess[]): Promise<void> {
  const folder = join(import.meta.dirname, '../../resources/lab-clips')
  const clips = CLIPS.map((name) => readFileSync(join(folder, `${name}.ulaw`)))
  const speech = transcode('PCMU', 'PCMA', Buffer.concat(clips))
  const frames = Math.floor(speech.length / FRAME_SAMPLES)
  const socket = createSocket({ type: 'udp4', lookup: (host, _, found) => found(null, host, 4) })
  await Promise.all([once(socket, 'listening'), socket.bind(0)])
  socket.setMulticastInterface('127.0.0.1')
  const stop = everyFrame((at) => {
    for (const [channel, { address, port }] of groups.entries()) {
      const place = (at + channel * 7) % frames
      const payload = speech.subarray(place * FRAME_SAMPLES, (place + 1) * FRAME_SAMPLES)
      const numbers = { marker: false, sequence: at & 0xffff, timestamp: (at * FRAME_SAMPLES) >>> 0 }
      const packet = writeRtp({ ...numbers, ssrc: 1_000 + channel, payloadType: payloadTypes.PCMA, payload })
      socket.send(packet, port, address)
    }
  })
  ends.push(() => {
    stop()
    socket.close()
  })
}

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
