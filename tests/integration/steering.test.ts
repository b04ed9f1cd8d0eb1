/** Seats turn a camera over ONVIF, through the hub: one at a time, and only those who may watch it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endings } from '../support/at-end.ts'
import type { TestHub } from '../support/hub.ts'
import { type OnvifCamera, startOnvifCamera } from '../support/onvif-camera.ts'
import { refusalOf } from '../support/seat.ts'
import { smallCityWith } from '../support/site.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { openVideoSeat, type VideoSeat } from '../support/video-seat.ts'

const login = { user: 'turner', password: 'it turns' }
const left = { kind: 'move', direction: { pan: -1, tilt: 0, zoom: 0 } } as const

describe('a camera that can be turned', () => {
  const { atEnd, run } = endings()
  let camera: OnvifCamera
  let hub: TestHub
  let officer: VideoSeat
  let supervisor: VideoSeat
  let stranger: VideoSeat

  beforeAll(async () => {
    camera = await startOnvifCamera(atEnd, { login })
    const still = await startOnvifCamera(atEnd, { login, turns: false })
    const place = { kind: 'rtsp', area: 'north', agency: 'police' }
    hub = await startVideoHub(atEnd, {
      site: smallCityWith({
        sources: [
          { ...place, id: 'gate', name: '大门', url: 'rtsp://127.0.0.1:9/gate', onvif: camera.url },
          { ...place, id: 'still', name: '不动', url: 'rtsp://127.0.0.1:9/still', onvif: still.url },
          { ...place, id: 'fixed', name: '固定', url: 'rtsp://127.0.0.1:9/fixed' },
        ],
      }),
      cameras: { gate: login, still: login },
    })
    officer = await openVideoSeat(atEnd, hub, 'north-officer')
    supervisor = await openVideoSeat(atEnd, hub, 'supervisor')
    stranger = await openVideoSeat(atEnd, hub, 'fire-officer')
  })
  afterAll(run)

  const steer = ({ client }: VideoSeat, act: Parameters<typeof client.sources.steer.mutate>[0]['act']) =>
    client.sources.steer.mutate({ source: 'gate', act })
  const steering = (seat: VideoSeat, source = 'gate') =>
    seat.statuses().find((status) => status.source === source)?.steering

  it('says that it can be as soon as somebody watches it, and another that it can’t', async () => {
    const { welcome } = await officer.attendSources()
    for (const source of ['gate', 'fixed', 'still'])
      await officer.client.sources.watch.mutate({ peer: welcome.peer, source })
    await expect.poll(() => steering(officer)).toEqual({ by: null })
    for (const source of ['fixed', 'still']) expect(steering(officer, source)).toBe(null)
    const act = left
    expect(await refusalOf(officer.client.sources.steer.mutate({ source: 'fixed', act }))).toMatchObject({
      code: 'camera-failed',
      particulars: { trouble: 'not-steerable' },
    })
  })

  it('turns while an officer says so, which others see and must wait for', async () => {
    await steer(officer, left)
    expect(camera.moving).toBe('-1 0 0')
    await expect.poll(() => steering(supervisor)?.by?.account).toBe('north-officer')
    expect(await refusalOf(steer(supervisor, left))).toMatchObject({ code: 'steered-by-other' })
    await steer(supervisor, { kind: 'stop' })
    expect(camera.moving).toBe('-1 0 0')
    await steer(officer, { kind: 'stop' })
    expect(camera.moving).toBe(null)
    await expect.poll(() => steering(supervisor)?.by).toBe(null)
    await steer(supervisor, { kind: 'move', direction: { pan: 0, tilt: 0, zoom: 0.5 } })
    expect(camera.moving).toBe('0 0 0.5')
  })

  it('stands still when the seat that turned it is gone', async () => {
    const gone = await openVideoSeat(atEnd, hub, 'supervisor')
    await expect.poll(() => steering(gone)).toEqual({ by: null })
    await steer(gone, left)
    expect(camera.moving).toBe('-1 0 0')
    const told = camera.done.length
    gone.close()
    await expect.poll(() => camera.done.slice(told)).toEqual(['stop'])
  })

  it('goes to a view that it has stored', async () => {
    await expect.poll(() => steering(officer)).toEqual({ by: null })
    const presets = await officer.client.sources.presets.query({ source: 'gate' })
    expect(presets).toContainEqual({ token: 'p-1', name: '大门' })
    await steer(officer, { kind: 'go-to', preset: 'p-1' })
    expect(camera.done.at(-1)).toBe('go-to p-1')
    expect(await refusalOf(steer(officer, { kind: 'go-to', preset: 'none' }))).toMatchObject({
      code: 'camera-failed',
      particulars: { trouble: 'The requested preset token does not exist.' },
    })
  })

  it('is there for nobody who may not watch it', async () => {
    const unknown = { code: 'not-found', particulars: { what: 'source', id: 'gate' } }
    expect(steering(stranger)).toBe(undefined)
    expect(await refusalOf(steer(stranger, left))).toMatchObject(unknown)
    expect(await refusalOf(stranger.client.sources.presets.query({ source: 'gate' }))).toMatchObject(unknown)
    // Where it is, is for the hub and its administrators.
    expect(JSON.stringify(officer.statuses())).not.toContain(camera.url)
  })

  it('leaves in the journal who turned it', async () => {
    const steered = (await hub.journal.read(0, 1_000))
      .filter(({ kind }) => kind === 'source.steered')
      .map(({ actor, data }) => [actor, data])
    expect(steered).toContainEqual([
      { kind: 'account', account: 'north-officer' },
      { id: 'gate', preset: 'p-1' },
    ])
  })
})
