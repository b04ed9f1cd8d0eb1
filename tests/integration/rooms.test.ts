import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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
