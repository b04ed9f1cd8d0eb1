import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { endings } from '../support/at-end.ts'
import type { TestHub } from '../support/hub.ts'
import { PASSWORD, smallCityWith } from '../support/site.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { openVideoBrowser, type VideoBrowser } from '../support/video-page.ts'
import { openVideoSeat, sceneIn, type VideoSeat } from '../support/video-seat.ts'
import { expectPicture, expectSound, trackOf } from '../support/video-seen.ts'

describe('a source that publishes (WHIP)', () => {
  const { atEnd, run } = endings()
  let hub: TestHub
  let browser: VideoBrowser
  let officer: VideoSeat

  beforeAll(async () => {
    hub = await startVideoHub(atEnd, {
      site: smallCityWith({
        sources: [
          {
            id: 'drone',
            name: '无人机',
            kind: 'whip',
            unit: 'north-patrol',
            password: PASSWORD.replaceAll(' ', '-'),
          },
          {
            id: 'gate',
            name: '北门',
            kind: 'rtsp',
            url: 'rtsp://127.0.0.1/',
            area: 'north',
            agency: 'police',
          },
        ],
      }),
    })
    browser = await openVideoBrowser(atEnd)
    officer = await openVideoSeat(atEnd, hub, 'north-officer')
    const status = officer.watchStatus()
    await vi.waitFor(() => expect(status.at(-1)?.video.state).toBe('up'))
  })
  afterAll(run)

  const address = (path: string) => new URL(path, hub.url.replace(/^ws/, 'http'))
  const ask = (path: string, { token = PASSWORD.replaceAll(' ', '-'), method = 'POST', body = '' } = {}) =>
    fetch(address(path), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === 'POST' && { 'content-type': 'application/sdp' }),
      },
      ...(method === 'POST' && { body }),
    })
  const viewersOf = (source: string) => officer.statuses().find((status) => status.source === source)?.viewers
  const stateOf = (source: string) => officer.statuses().find((status) => status.source === source)?.state

  it('is seen and heard as long as it sends, and a newer publisher takes its place', async () => {
    await expect.poll(() => stateOf('drone')).toBe('absent')
    const publisher = await browser.open(officer)
    const answered = await ask('/whip/drone', { body: await publisher.offer() })
    expect(answered.status).toBe(201)
    const answer = await answered.text()
    expect(answered.headers.get('content-type')).toMatch(/^application\/sdp/)
    expect(answered.headers.get('content-length')).toBe(String(Buffer.byteLength(answer)))
    await publisher.answer(answer)
    await expect.poll(() => stateOf('drone')).toBe('up')

    const at = await officer.attendSources()
    const viewer = await browser.open(officer)
    await officer.client.sources.watch.mutate({ peer: at.welcome.peer, source: 'drone' })
    // The wall's own window is another page of the same seat.
    const wall = await officer.attendSources('wall')
    await officer.client.sources.watch.mutate({ peer: wall.welcome.peer, source: 'drone' })
    await expect.poll(() => viewersOf('drone')).toBe(1)
    wall.leave()
    const [picture, sound] = [await trackOf(at, 'drone'), await trackOf(at, 'drone', 'audio')]
    await viewer.receive(at.welcome, picture)
    await viewer.receive(at.welcome, sound)
    await expectPicture(viewer, at, picture)
    await expectSound(viewer, at, sound)

    const next = await ask('/whip/drone', { body: await publisher.offer() })
    await publisher.answer(await next.text())
    await expect.poll(() => trackOf(at, 'drone')).not.toBe(picture)
    const newer = await trackOf(at, 'drone')
    await viewer.receive(at.welcome, newer)
    await expectPicture(viewer, at, newer)

    // What was begun first is over already; the other ends when it is told to.
    expect((await ask(answered.headers.get('location') ?? '', { method: 'DELETE' })).status).toBe(404)
    expect((await ask(next.headers.get('location') ?? '', { method: 'DELETE' })).status).toBe(200)
    await expect.poll(() => stateOf('drone')).toBe('absent')
    at.leave()
  })

  it('is shown in a room to whoever may not watch it alone, while its chair has it shown', async () => {
    const supervisor = await openVideoSeat(atEnd, hub, 'supervisor')
    const guest = await openVideoSeat(atEnd, hub, 'fire-officer')
    const publisher = await browser.open(supervisor)
    const answered = await ask('/whip/drone', { body: await publisher.offer() })
    await publisher.answer(await answered.text())
    const request = supervisor.client.rooms.request.mutate
    const { room } = await request({
      kind: 'open',
      name: '火场',
      scope: { kind: 'centre' },
      invite: ['fire-officer'],
    })
    const there = await guest.attend(room)
    await request({ kind: 'chair', room, chaired: { act: 'show-source', source: 'drone' } })
    const shown = () =>
      sceneIn(there.tellings)?.sources[0]?.tracks.find(({ kind }) => kind === 'video')?.producer
    await expect.poll(shown).toBeDefined()
    const page = await browser.open(guest)
    const consumer = await page.receive(there.welcome, shown() ?? '')
    await expectPicture(page, there, shown() ?? '')
    expect(guest.statuses()).toEqual([])

    await request({ kind: 'chair', room, chaired: { act: 'hide-source', source: 'drone' } })
    await expect.poll(() => there.tellings).toContainEqual({ kind: 'consumer-closed', consumer })
    await expect.poll(() => sceneIn(there.tellings)?.sources).toEqual([])
    await ask(answered.headers.get('location') ?? '', { method: 'DELETE' })
    await expect.poll(() => stateOf('drone')).toBe('absent')
  })

  it('is not published by whoever lacks its token, or guesses a source', async () => {
    const body = await (await browser.open(officer)).offer()
    for (const [path, token] of [
      ['/whip/drone', 'a-wrong-token'],
      ['/whip/no-such-source', 'a-wrong-token'],
      ['/whip/gate', 'a-wrong-token'],
    ] as const) {
      const refused = await ask(path, { token, body })
      expect([path, refused.status, await refused.text()]).toEqual([path, 401, ''])
    }
    expect(stateOf('drone')).toBe('absent')
  })

  it('says what is wrong with an offer', async () => {
    for (const body of ['', 'v=0\r\n', 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n', 'x'.repeat(10_000)]) {
      const refused = await ask('/whip/drone', { body })
      expect(refused.status).toBe(400)
      if (body !== '') expect(await refused.text()).toMatch(/^the offer wants /)
    }
    expect((await ask('/whip/drone/any', { method: 'PATCH' })).status).toBe(405)
    expect((await fetch(address('/whip/drone'), { method: 'OPTIONS' })).headers.get('accept-post')).toBe(
      'application/sdp',
    )
  })
})
