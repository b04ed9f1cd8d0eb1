import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../contract/permissions.ts'
import type { ChairAct, RoomTelling } from '../../contract/rooms.ts'
import { endings } from '../support/at-end.ts'
import type { TestHub } from '../support/hub.ts'
import { refusalOf } from '../support/seat.ts'
import { childrenCalled, startVideoHub } from '../support/video-hub.ts'
import { openVideoBrowser, type VideoBrowser } from '../support/video-page.ts'
import { type Attending, openVideoSeat, sceneIn, type VideoSeat } from '../support/video-seat.ts'
import { expectPicture, expectSound } from '../support/video-seen.ts'

describe('a room', () => {
  const suite = endings()
  const each = endings()
  let browser: VideoBrowser
  let hub: TestHub
  let supervisor: VideoSeat
  let officer: VideoSeat

  beforeAll(async () => {
    browser = await openVideoBrowser(suite.atEnd)
  })
  afterAll(suite.run)
  beforeEach(async () => {
    hub = await startVideoHub(each.atEnd)
    supervisor = await openVideoSeat(each.atEnd, hub, 'supervisor')
    officer = await openVideoSeat(each.atEnd, hub, 'north-officer')
    const status = supervisor.watchStatus()
    await expect.poll(() => status.at(-1)?.video.state).toBe('up')
  })
  afterEach(each.run)

  const open = async (): Promise<string> => {
    const { room } = await supervisor.client.rooms.request.mutate({
      kind: 'open',
      name: '北门会商',
      scope: { kind: 'centre' },
      invite: ['north-officer'],
    })
    return room
  }
  const chair = (room: string, chaired: ChairAct) =>
    supervisor.client.rooms.request.mutate({ kind: 'chair', room, chaired })

  it('rings at whoever is invited, and nobody else knows of it', async () => {
    const stranger = await openVideoSeat(each.atEnd, hub, 'fire-officer')
    const room = await open()
    await expect
      .poll(officer.rooms)
      .toMatchObject([{ id: room, name: '北门会商', own: 'invited', present: 0 }])
    await officer.attend(room)
    await expect.poll(officer.rooms).toMatchObject([{ own: 'in', present: 1 }])
    expect(stranger.rooms()).toEqual([])
    expect(stranger.bytes().includes(room)).toBe(false)
    expect(await refusalOf(stranger.attend(room))).toMatchObject({ code: 'not-found' })
  })

  it('shows and lets hear the others', async () => {
    const room = await open()
    const [here, there] = [await supervisor.attend(room), await officer.attend(room)]
    const [near, far] = [await browser.open(supervisor), await browser.open(officer)]
    const camera = await near.send(here.welcome, 'camera')
    const voice = await near.send(here.welcome, 'microphone')
    await expect
      .poll(() => tracksOf(there, 'supervisor'))
      .toEqual([
        { producer: camera, kind: 'video', track: 'camera', paused: false },
        { producer: voice, kind: 'audio', track: 'microphone', paused: false },
      ])
    await far.receive(there.welcome, camera)
    await far.receive(there.welcome, voice)
    await expectPicture(far, there, camera)
    await expectSound(far, there, voice)
    await expect.poll(() => sceneIn(there.tellings)?.speaker).toBe('supervisor')
  })

  it('gives nothing to whoever forges an id', async () => {
    const stranger = await openVideoSeat(each.atEnd, hub, 'fire-officer')
    const here = await supervisor.attend(await open())
    const camera = await (await browser.open(supervisor)).send(here.welcome, 'camera')
    const page = await browser.open(stranger)

    // Under the peer of another.
    await expect(page.receive(here.welcome, camera)).rejects.toThrow('not-found')
    const asked = { peer: here.welcome.peer, producer: camera }
    for (const forged of [
      stranger.client.peers.closeProducer.mutate(asked),
      stranger.client.peers.pauseProducer.mutate({ ...asked, paused: true }),
      stranger.client.peers.openTransport.mutate({ peer: here.welcome.peer, direction: 'receive' }),
      stranger.client.rooms.raiseHand.mutate({ peer: here.welcome.peer, raised: true }),
    ])
      expect(await refusalOf(forged)).toMatchObject({ code: 'not-found' })

    // From a room of their own.
    const { room } = await stranger.client.rooms.request.mutate({
      kind: 'open',
      name: 'elsewhere',
      scope: { kind: 'agency', agency: 'fire' },
      invite: [],
    })
    const elsewhere = await stranger.attend(room)
    await expect(page.receive(elsewhere.welcome, camera)).rejects.toThrow('not-found')
  })

  it('keeps from the others what a muted member sends all the same', async () => {
    const room = await open()
    const [here, there] = [await supervisor.attend(room), await officer.attend(room)]
    const [near, far] = [await browser.open(supervisor), await browser.open(officer)]
    const voice = await far.send(there.welcome, 'microphone')
    await near.receive(here.welcome, voice)
    await expectSound(near, here, voice)

    await chair(room, { act: 'mute', account: 'north-officer', what: 'sound', muted: true })
    await expect.poll(() => tracksOf(here, 'north-officer')).toMatchObject([{ paused: true }])
    await officer.client.peers.pauseProducer.mutate({
      peer: there.welcome.peer,
      producer: voice,
      paused: false,
    })
    await officer.client.peers.closeProducer.mutate({ peer: there.welcome.peer, producer: voice })
    const again = await far.send(there.welcome, 'microphone')
    await near.receive(here.welcome, again)
    await expect
      .poll(() => tracksOf(here, 'north-officer'))
      .toMatchObject([{ producer: again, paused: true }])
    expect((await near.seen(here.welcome, again))?.packets).toBe(0)

    await chair(room, { act: 'mute', account: 'north-officer', what: 'sound', muted: false })
    await expectSound(near, here, again)
  })

  it('puts out whom the chair removes, and lets them in again only when invited', async () => {
    const room = await open()
    const there = await officer.attend(room)
    const act = (act: 'remove' | 'invite') =>
      supervisor.client.rooms.request.mutate({ kind: 'move', room, account: 'north-officer', act })
    await act('remove')
    await expect.poll(() => there.tellings.at(-1)).toEqual({ kind: 'over', how: 'removed' })
    expect(await refusalOf(officer.attend(room))).toMatchObject({ code: 'not-found' })
    await act('invite')
    await officer.attend(room)
  })

  it('of an incident ends for a guest with the grant that they came by', async () => {
    const admin = await openVideoSeat(each.atEnd, hub, 'admin')
    const guest = await openVideoSeat(each.atEnd, hub, 'guest')
    const give = (grant: Grant) =>
      admin.client.submit.mutate({ key: randomUUID(), command: { kind: 'grant.give', grant } })
    const scope = { kind: 'incident', incident: 'fire-1' } as const
    const to = (account: string) => ({ kind: 'account', account }) as const
    await give({
      id: 'chairs',
      subject: to('supervisor'),
      capabilities: ['chair', 'view'],
      scope,
      until: null,
    })
    await give({ id: 'joint', subject: to('guest'), capabilities: ['view'], scope, until: null })
    const { room } = await supervisor.client.rooms.request.mutate({
      kind: 'open',
      name: '联勤会商',
      scope,
      invite: ['guest'],
    })
    const there = await guest.attend(room)
    await admin.client.submit.mutate({
      key: randomUUID(),
      command: { kind: 'grant.end', grant: 'joint', reason: 'over' },
    })
    await expect.poll(() => there.tellings.at(-1)).toEqual({ kind: 'over', how: 'no-longer-allowed' })
    await expect.poll(guest.rooms).toEqual([])
    expect(await refusalOf(guest.attend(room))).toMatchObject({ code: 'not-found' })
  })

  it('stands when the hub is started again, with nobody in it', async () => {
    const room = await open()
    const here = await supervisor.attend(room)
    await hub.close()
    const next = await startVideoHub(each.atEnd, { folder: hub.folder })
    const back = await openVideoSeat(each.atEnd, next, 'supervisor')
    await expect.poll(back.rooms).toMatchObject([{ id: room, present: 0, own: 'left' }])
    const status = back.watchStatus()
    await expect.poll(() => status.at(-1)?.video.state).toBe('up')
    const again = await back.attend(room)
    expect(again.welcome.peer).not.toBe(here.welcome.peer)
    await expect.poll(back.rooms).toMatchObject([{ present: 1, own: 'in' }])
  })

  it('sends the small picture to a small tile, and the large one to a large', async () => {
    const room = await open()
    const [here, there] = [await supervisor.attend(room), await officer.attend(room)]
    const [near, far] = [await browser.open(supervisor), await browser.open(officer)]
    const camera = await near.send(here.welcome, 'camera')
    const consumer = await far.receive(there.welcome, camera)
    const width = async () => (await far.seen(there.welcome, camera))?.width
    const prefer = (spatial: number) =>
      officer.client.peers.preferLayers.mutate({
        peer: there.welcome.peer,
        consumer,
        spatial,
        temporal: null,
      })
    await expect.poll(width).toBe(640)
    await prefer(0)
    await expect.poll(width).toBe(320)
    await prefer(1)
    await expect.poll(width).toBe(640)
  })

  it('goes on at another worker when its own dies', async () => {
    const room = await open()
    const [here, there] = [await supervisor.attend(room), await officer.attend(room)]
    for (const worker of childrenCalled('mediasoup-worker')) process.kill(worker, 'SIGKILL')
    for (const { tellings } of [here, there])
      await expect.poll(() => tellings.at(-1)).toEqual({ kind: 'over', how: 'moved' })
    const status = supervisor.watchStatus()
    await expect.poll(() => status.at(-1)?.video.state).toBe('up')
    const [back, too] = [await supervisor.attend(room), await officer.attend(room)]
    const camera = await (await browser.open(supervisor)).send(back.welcome, 'camera')
    const far = await browser.open(officer)
    await far.receive(too.welcome, camera)
    await expectPicture(far, too, camera)
  })
})

const tracksOf = ({ tellings }: Attending<RoomTelling>, account: string) =>
  sceneIn(tellings)?.members.find((member) => member.account === account)?.tracks
