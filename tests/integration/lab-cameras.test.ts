import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { siteDocumentSchema } from '../../contract/site.ts'
import { openCityCameras } from '../../lab/video/city-cameras.ts'
import { endings } from '../support/at-end.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { openVideoBrowser } from '../support/video-page.ts'
import { openVideoSeat } from '../support/video-seat.ts'
import { expectPicture, trackOf } from '../support/video-seen.ts'

const resources = fileURLToPath(new URL('../../resources', import.meta.url))

describe('the cameras of the demonstration city', () => {
  const { atEnd, run } = endings()
  afterAll(run)

  it('are seen by the duty officer, and gone with the city', async () => {
    const site: object = parse(readFileSync(`${resources}/demo-site.yaml`, 'utf8'))
    const hub = await startVideoHub(atEnd, { site })
    const officer = await openVideoSeat(atEnd, hub, 'duty-1', 'watchfloor-demo')
    const status = officer.watchStatus()
    await expect.poll(() => status.at(-1)?.video.state).toBe('up')
    const end = await openCityCameras(siteDocumentSchema.parse(site), hub.url, resources)
    atEnd(end)
    const up = () => officer.statuses().filter(({ state }) => state === 'up')
    await expect.poll(() => up().length).toBeGreaterThan(8)

    const source = up().at(0)?.source ?? ''
    const at = await officer.attendSources()
    const page = await (await openVideoBrowser(atEnd)).open(officer)
    await officer.client.sources.watch.mutate({ peer: at.welcome.peer, source })
    const picture = await trackOf(at, source)
    await page.receive(at.welcome, picture)
    await expectPicture(page, at, picture)

    end()
    await expect.poll(() => up().length).toBe(0)
  })
})
