import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { SourcesTelling } from '../../contract/sources.ts'
import { endings } from '../support/at-end.ts'
import type { TestHub } from '../support/hub.ts'
import { type OnvifCamera, startOnvifCamera } from '../support/onvif-camera.ts'
import { type Cameras, cameraLogin, startCameras } from '../support/rtsp-camera.ts'
import { refusalOf } from '../support/seat.ts'
import { smallCityWith } from '../support/site.ts'
import { childrenCalled, startVideoHub } from '../support/video-hub.ts'
import { openVideoBrowser, type VideoBrowser } from '../support/video-page.ts'
import { type Attending, openVideoSeat, type VideoSeat } from '../support/video-seat.ts'
import { expectPicture, expectSound, trackOf } from '../support/video-seen.ts'

describe('an RTSP camera', () => {
  const { atEnd, run } = endings()
  let cameras: Cameras
  let turning: OnvifCamera
  let hub: TestHub
  let browser: VideoBrowser
  let officer: VideoSeat
  let supervisor: VideoSeat

  beforeAll(async () => {
    cameras = await startCameras(atEnd)
    turning = await startOnvifCamera(atEnd, { login: cameraLogin })
    const north = { area: 'north-gate', agency: 'police' }
    hub = await startVideoHub(atEnd, {
      lingerMs: 300,
      site: smallCityWith({
        sources: [
          { id: 'gate', name: '北门', kind: 'rtsp', url: cameras.url('ball'), onvif: turning.url, ...north },
          { id: 'described', name: '说明', kind: 'rtsp', url: cameras.url('described'), ...north },
          { id: 'mute', name: '无声', kind: 'rtsp', url: cameras.url('mute'), ...north },
          { id: 'aac', name: 'AAC', kind: 'rtsp', url: cameras.url('aac'), ...north },
          { id: 'locked', name: '上锁', kind: 'rtsp', url: cameras.url('ball'), ...north },
          { id: 'other-format', name: '格式', kind: 'rtsp', url: cameras.url('vp8'), ...north },
        ],
      }),
      cameras: Object.fromEntries(
        ['gate', 'mute', 'aac', 'described', 'other-format'].map((source) => [source, cameraLogin]),
      ),
    })
    browser = await openVideoBrowser(atEnd)
    officer = await openVideoSeat(atEnd, hub, 'north-officer')
    supervisor = await openVideoSeat(atEnd, hub, 'supervisor')
    const status = officer.watchStatus()
    await vi.waitFor(() => expect(status.at(-1)?.video.state).toBe('up'))
  })
  afterAll(run)

  const stateOf = (source: string, seat = officer) =>
    seat.statuses().find((status) => status.source === source)
  const watch = (seat: VideoSeat, { welcome }: Attending<SourcesTelling>, source: string) =>
    seat.client.sources.watch.mutate({ peer: welcome.peer, source })
  const unwatch = (seat: VideoSeat, { welcome }: Attending<SourcesTelling>, source: string) =>
    seat.client.sources.unwatch.mutate({ peer: welcome.peer, source })

  it('is pulled once for all who watch, and no longer than somebody does', async () => {
    const [one, two] = [await officer.attendSources(), await supervisor.attendSources()]
    const pages = [await browser.open(officer), await browser.open(supervisor)] as const
    expect(childrenCalled('ffmpeg')).toEqual([])
    await watch(officer, one, 'gate')
    await watch(supervisor, two, 'gate')
    for (const [at, page] of [
      [one, pages[0]],
      [two, pages[1]],
    ] as const) {
      const producer = await trackOf(at, 'gate')
      await page.receive(at.welcome, producer)
      await expectPicture(page, at, producer)
    }
    await expect.poll(() => stateOf('gate')).toMatchObject({ state: 'up', viewers: 2 })
    await expect.poll(() => stateOf('gate')?.bitrate).toBeGreaterThan(10_000)
    expect(stateOf('gate')?.keyFrameAt).toBeGreaterThan(0)
    // Whoever began to watch it was not to wait for the next by itself.
    await expect.poll(() => turning.done).toContain('key-frame main')

    const pulls = childrenCalled('ffmpeg')
    expect(pulls).toHaveLength(1)
    const words = readFileSync(`/proc/${pulls[0]}/cmdline`, 'utf8')
    expect(words).toContain('concat')
    for (const secret of Object.values(cameraLogin)) expect(words).not.toContain(secret)
    expect(hub.logged()).not.toContain(cameraLogin.password)

    await unwatch(officer, one, 'gate')
    two.leave()
    await expect.poll(() => stateOf('gate')).toMatchObject({ state: 'idle', viewers: 0 })
    expect(childrenCalled('ffmpeg')).toEqual([])
    one.leave()
  })

  it('is seen beside another, and where its parameter sets stand in its description alone', async () => {
    const at = await officer.attendSources()
    const page = await browser.open(officer)
    for (const source of ['gate', 'described']) {
      await watch(officer, at, source)
      const producer = await trackOf(at, source)
      await page.receive(at.welcome, producer)
      await expectPicture(page, at, producer)
    }
    at.leave()
  })

  it('is heard, in whatever it sends its sound', async () => {
    const at = await officer.attendSources()
    const page = await browser.open(officer)
    for (const source of ['gate', 'aac']) {
      await watch(officer, at, source)
      const sound = await trackOf(at, source, 'audio')
      await page.receive(at.welcome, sound)
      await expectSound(page, at, sound)
      const picture = await trackOf(at, source)
      await page.receive(at.welcome, picture)
      await expectPicture(page, at, picture)
    }
    at.leave()
  })

  it('without sound has a picture alone, and is not asked for sound again', async () => {
    const at = await officer.attendSources()
    const page = await browser.open(officer)
    for (let time = 0; time < 2; time++) {
      await watch(officer, at, 'mute')
      const picture = await trackOf(at, 'mute')
      await page.receive(at.welcome, picture)
      await expectPicture(page, at, picture)
      const [pull] = childrenCalled('ffmpeg')
      expect(readFileSync(`/proc/${pull}/cmdline`, 'utf8')).not.toContain('libopus')
      const watched = at.tellings.findLast((telling) => telling.kind === 'watched')
      const tracks = watched?.sources.find(({ source }) => source === 'mute')?.tracks
      expect(tracks?.map(({ kind }) => kind)).toEqual(['video'])
      await unwatch(officer, at, 'mute')
      await expect.poll(() => stateOf('mute')?.state).toBe('idle')
    }
    at.leave()
  })

  it('comes back by itself when it was unplugged', async () => {
    const at = await officer.attendSources()
    const page = await browser.open(officer)
    await watch(officer, at, 'gate')
    const before = await trackOf(at, 'gate')
    await expect.poll(() => stateOf('gate')?.state).toBe('up')
    await cameras.unplug()
    await expect.poll(() => stateOf('gate')).toMatchObject({ state: 'down', fault: 'unreachable' })
    await cameras.plugIn()
    await expect.poll(() => stateOf('gate')?.state).toBe('up')
    const after = await trackOf(at, 'gate')
    expect(after).not.toBe(before)
    await page.receive(at.welcome, after)
    await expectPicture(page, at, after)
    at.leave()
  })

  it('goes on for those who watch when it has another address', async () => {
    const at = await officer.attendSources()
    const page = await browser.open(officer)
    await watch(officer, at, 'gate')
    const before = await trackOf(at, 'gate')
    const url = cameras.url('ball').replace('127.0.0.1', 'localhost')
    await hub.journal.submit({
      actor: { kind: 'operator' },
      decide: () => [
        {
          kind: 'source.fed',
          subject: 'source/gate',
          area: null,
          data: { id: 'gate', feed: { kind: 'rtsp', url } },
        },
      ],
    })
    await expect.poll(() => trackOf(at, 'gate')).not.toBe(before)
    await expect.poll(() => stateOf('gate')?.state).toBe('up')
    const after = await trackOf(at, 'gate')
    await page.receive(at.welcome, after)
    await expectPicture(page, at, after)
    at.leave()
  })

  it('says why there is no picture', async () => {
    const at = await officer.attendSources()
    await watch(officer, at, 'locked')
    await watch(officer, at, 'other-format')
    await expect.poll(() => stateOf('locked')).toMatchObject({ state: 'down', fault: 'refused' })
    await expect.poll(() => stateOf('other-format')).toMatchObject({ state: 'down', fault: 'format' })
    at.leave()
  })

  it('is neither seen nor watched by whoever may not, nor guessed', async () => {
    const stranger = await openVideoSeat(atEnd, hub, 'fire-officer')
    const known = stranger.watchState()
    await expect.poll(known.state).toBeDefined()
    expect(known.state()?.video).toEqual({ sources: {}, feeds: {} })
    const own = await stranger.attendSources()
    expect(await refusalOf(watch(stranger, own, 'gate'))).toEqual({
      code: 'not-found',
      particulars: { what: 'source', id: 'gate' },
    })
    expect(await refusalOf(watch(stranger, own, 'no-such-source'))).toMatchObject({ code: 'not-found' })
    const at = await officer.attendSources()
    await watch(officer, at, 'gate')
    const producer = await trackOf(at, 'gate')
    const page = await browser.open(stranger)
    await expect(page.receive(own.welcome, producer)).rejects.toThrow('not-found')
    await expect(page.receive(at.welcome, producer)).rejects.toThrow('not-found')
    expect(stranger.statuses()).toEqual([])
    at.leave()
  })

  it('is in the journal with whoever watched it', async () => {
    await expect
      .poll(async () =>
        (await hub.journal.read(0, 10_000))
          .filter(({ kind }) => kind === 'source.watched' || kind === 'source.left')
          .filter(({ subject }) => subject === 'source/gate')
          .slice(0, 4)
          .map(({ kind, actor }) => [kind, actor.kind === 'account' ? actor.account : actor.kind])
          .sort(),
      )
      .toEqual([
        ['source.left', 'hub'],
        ['source.left', 'hub'],
        ['source.watched', 'north-officer'],
        ['source.watched', 'supervisor'],
      ])
  })
})
