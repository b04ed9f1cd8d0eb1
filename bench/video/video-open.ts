/** From asking for a camera to its first picture: one that is pulled already, with ONVIF and without, and one that nobody watches. */
import { setTimeout as delay } from 'node:timers/promises'
import { endings } from '../../tests/support/at-end.ts'
import { startOnvifCamera } from '../../tests/support/onvif-camera.ts'
import { cameraLogin, startCameras } from '../../tests/support/rtsp-camera.ts'
import { smallCityWith } from '../../tests/support/site.ts'
import { until } from '../../tests/support/until.ts'
import { startVideoHub } from '../../tests/support/video-hub.ts'
import { openVideoBrowser, type VideoInPage } from '../../tests/support/video-page.ts'
import { openVideoSeat, type VideoSeat } from '../../tests/support/video-seat.ts'
import { type Bench, Collector, percentile } from '../bench.ts'

const REPEATS = 5
const OPENINGS = 12
const PLAIN = 'camera'
const WITH_ONVIF = 'onvif-camera'
/** After the last viewer, ms: cold openings begin anew. */
const LINGER_MS = 50
/** An officer opens it at any moment between two key frames. */
const BETWEEN_KEY_FRAMES_MS = 1_000

export const videoOpen: Bench = {
  name: 'video-open',
  about:
    'from asking to watch an RTSP camera (GStreamer, a key frame each second) to its first picture in a page: warm, where another watches it already, the same of a camera that is asked for a key frame over ONVIF (a stand-in that tells GStreamer), and cold, where nobody does',
  takes: 'about three minutes',
  targets: { warmP95Ms: { max: 800 }, warmOnvifP95Ms: { max: 800 }, coldRtspP95Ms: { max: 1_500 } },
  run: async (say) => {
    const { atEnd, run } = endings()
    try {
      const cameras = await startCameras(atEnd)
      const device = await startOnvifCamera(atEnd, { login: cameraLogin, onKeyFrame: cameras.keyFrame })
      const source = { name: 'Camera', kind: 'rtsp', area: 'north', agency: 'police' }
      const hub = await startVideoHub(atEnd, {
        workers: 1,
        lingerMs: LINGER_MS,
        site: smallCityWith({
          sources: [
            { ...source, id: PLAIN, url: cameras.url('ball') },
            { ...source, id: WITH_ONVIF, url: cameras.url('ball'), onvif: device.url },
          ],
        }),
        cameras: { [PLAIN]: cameraLogin, [WITH_ONVIF]: cameraLogin },
      })
      const [one, other] = [
        await openVideoSeat(atEnd, hub, 'supervisor'),
        await openVideoSeat(atEnd, hub, 'north-officer'),
      ]
      const status = one.watchStatus()
      await until(() => {
        if (status.at(-1)?.video.state !== 'up') throw new Error('there is no video')
      })
      const browser = await openVideoBrowser(atEnd)
      const [page, otherPage] = [await browser.open(one), await browser.open(other)]
      const cold = async () => {
        await until(() => {
          if (one.statuses().find(({ source: id }) => id === PLAIN)?.state !== 'idle')
            throw new Error('it is still pulled')
        })
        const { ms, leave } = await opening(one, page, PLAIN)
        leave()
        return ms
      }
      const warm = async (camera: string) => {
        const times: number[] = []
        const kept = await opening(other, otherPage, camera)
        for (let nth = 0; nth < OPENINGS; nth++) {
          await delay(Math.random() * BETWEEN_KEY_FRAMES_MS)
          const { ms, leave } = await opening(one, page, camera)
          leave()
          times.push(ms)
        }
        kept.leave()
        return times
      }
      const collector = new Collector()
      await cold()
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const colds: number[] = []
        for (let nth = 0; nth < OPENINGS; nth++) colds.push(await cold())
        const warms = await warm(PLAIN)
        const asked = await warm(WITH_ONVIF)
        const figures = {
          warmP50Ms: percentile(warms, 0.5),
          warmP95Ms: percentile(warms, 0.95),
          warmOnvifP50Ms: percentile(asked, 0.5),
          warmOnvifP95Ms: percentile(asked, 0.95),
          coldRtspP50Ms: percentile(colds, 0.5),
          coldRtspP95Ms: percentile(colds, 0.95),
        }
        collector.add(figures)
        say(
          `warm p95 ${figures.warmP95Ms.toFixed(0)} ms, with ONVIF ${figures.warmOnvifP95Ms.toFixed(0)} ms, cold p95 ${figures.coldRtspP95Ms.toFixed(0)} ms`,
        )
      }
      return { figures: collector.samples }
    } finally {
      await run()
    }
  },
}

async function opening(
  seat: VideoSeat,
  page: VideoInPage,
  camera: string,
): Promise<{ readonly ms: number; leave(): void }> {
  const asked = performance.timeOrigin + performance.now()
  const { welcome, tellings, leave } = await seat.attendSources()
  await seat.client.sources.watch.mutate({ peer: welcome.peer, source: camera })
  const track = await until(
    () => {
      const told = tellings.findLast((telling) => telling.kind === 'watched')
      const found = told?.sources.find(({ source }) => source === camera)?.tracks[0]
      if (found === undefined) throw new Error('it has no picture')
      return found.producer
    },
    { interval: 1 },
  )
  await page.receive(welcome, track)
  return { ms: (await page.shownAt(welcome, track)) - asked, leave }
}
