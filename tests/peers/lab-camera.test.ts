/** The lab's one camera that is pulled: Debian's GStreamer serves it, the hub's ffmpeg fetches it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { STREET_CAMERA } from '../../lab/city/demo-site.ts'
import { openExerciseSeat } from '../../lab/exercise-seat.ts'
import { openRtspCamera } from '../../lab/video/rtsp-camera.ts'
import { endings } from '../support/at-end.ts'
import { childrenCalled, startVideoHub } from '../support/video-hub.ts'
import { openVideoBrowser } from '../support/video-page.ts'
import { openVideoSeat } from '../support/video-seat.ts'
import { expectPicture, trackOf } from '../support/video-seen.ts'

const resources = fileURLToPath(new URL('../../resources', import.meta.url))
const DEMO_PASSWORD = 'watchfloor-demo'

describe('the RTSP camera of the demonstration city', () => {
  const { atEnd, run } = endings()
  afterAll(run)

  it('is seen where the lab says that it is, and ends with the lab', async () => {
    const site: object = parse(readFileSync(`${resources}/demo-site.yaml`, 'utf8'))
    const hub = await startVideoHub(atEnd, { site })
    const camera = await openRtspCamera(resources)
    if (camera === undefined) throw new Error('GStreamer has no RTSP server here')
    atEnd(camera.close)
    const control = await openExerciseSeat(hub.url, DEMO_PASSWORD)
    atEnd(control.close)
    await control.submit({ kind: 'source.place', source: STREET_CAMERA, url: camera.url })
    const officer = await openVideoSeat(atEnd, hub, 'duty-1', DEMO_PASSWORD)
    const status = officer.watchStatus()
    await expect.poll(() => status.at(-1)?.video.state).toBe('up')
    const at = await officer.attendSources()
    const page = await (await openVideoBrowser(atEnd)).open(officer)
    await officer.client.sources.watch.mutate({ peer: at.welcome.peer, source: STREET_CAMERA })
    const picture = await trackOf(at, STREET_CAMERA)
    await page.receive(at.welcome, picture)
    await expectPicture(page, at, picture)

    camera.close()
    await expect.poll(() => childrenCalled('python3')).toEqual([])
    const state = () => officer.statuses().find(({ source }) => source === STREET_CAMERA)?.state
    await expect.poll(state).toBe('down')
  })
})
