/** What a seat carries into a room and back: over SRTP between its engine and the real SFU, heard in a real browser. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { refusedBy } from '../../contract/rpc.ts'
import type { OwnCarriage } from '../../contract/seat-video.ts'
import { openCarrying, type SeatCarrying } from '../../main/engine/carrying/carrying.ts'
import type { Leg, VoicePacket } from '../../main/engine/media/leg.ts'
import { Listeners } from '../../main/engine/media/listeners.ts'
import { PlayerLeg } from '../../main/engine/media/player-leg.ts'
import { openHubVideo } from '../../main/engine/video/hub-video.ts'
import { endings } from '../support/at-end.ts'
import { openEar } from '../support/ear.ts'
import type { TestHub } from '../support/hub.ts'
import { refusalOf } from '../support/seat.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { openVideoBrowser, type VideoBrowser } from '../support/video-page.ts'
import { openVideoSeat, sceneIn, type VideoSeat } from '../support/video-seat.ts'
import { expectSound } from '../support/video-seen.ts'

const CALL = '5a9f1b3e-0a51-4a42-9d38-0c1c1b6f3a11'
const call: OwnCarriage = { kind: 'call', call: CALL }

describe('a telephone that a seat carries into a room', () => {
  const suite = endings()
  const each = endings()
  let browser: VideoBrowser
  let hub: TestHub
  let supervisor: VideoSeat
  let officer: VideoSeat
  let room: string

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
    const opened = await supervisor.client.rooms.request.mutate({
      kind: 'open',
      name: '北门会商',
      scope: { kind: 'centre' },
      invite: ['north-officer'],
    })
    room = opened.room
  })
  afterEach(each.run)

  /** The telephone says 900 Hz; what it is told is heard. */
  const telephone = () => {
    const ear = openEar()
    let heard = new Int16Array(4_000)
    const said = new PlayerLeg({ samples: sine(900, 8_000), loop: true })
    each.atEnd(() => said.close())
    const over = new Listeners<void>()
    return {
      joinIn: async (_call: string, leg: Leg, onOver: () => void) => {
        const stops = [
          said.onVoice((packet) => leg.send(packet)),
          leg.onVoice((packet: VoicePacket) => {
            const sound = ear(packet)
            heard = Int16Array.from([...heard.subarray(sound.length), ...sound])
          }),
          over.add(onOver),
        ]
        return () => {
          for (const stop of stops) stop()
        }
      },
      hears: (hz: number) => (loudness(heard) < 0.005 ? 0 : shareOf(hz, heard)),
      hangUp: () => over.tell(),
    }
  }
  const carryingOf = (seat: VideoSeat, joinIn: ReturnType<typeof telephone>['joinIn']): SeatCarrying => {
    const video = openHubVideo({ hubHost: () => '127.0.0.1', onTrouble: () => undefined })
    each.atEnd(video.attend(seat.client))
    return openCarrying({
      hubHost: () => '127.0.0.1',
      hub: video.carrying,
      joinIn,
      findCall: () => ({ number: '60001', unit: null }),
      lend: () => {
        throw new Error('no channel is lent here')
      },
      onTransmitting: () => () => undefined,
      onTrouble: () => undefined,
    })
  }

  it('is heard there, and hears everybody but itself and the officer who carries it', async () => {
    const [here, there] = [await supervisor.attend(room), await officer.attend(room)]
    const phone = telephone()
    await carryingOf(supervisor, phone.joinIn).carry(room, call)
    await expect
      .poll(() => sceneIn(there.tellings)?.carried)
      .toMatchObject([{ by: 'supervisor', kind: 'call', ref: CALL, name: { zh: '60001' }, muted: false }])
    const [track] = sceneIn(there.tellings)?.carried[0]?.tracks ?? []
    const far = await browser.open(officer)
    await far.receive(there.welcome, track?.producer ?? '')
    await expectSound(far, there, track?.producer ?? '')
    await far.send(there.welcome, 'microphone')
    await expect.poll(() => phone.hears(700)).toBeGreaterThan(0.5)
    expect(phone.hears(900)).toBeLessThan(0.01)
    phone.hangUp()
    await expect.poll(() => sceneIn(here.tellings)?.carried).toEqual([])
  })

  it('is carried by nobody who is not in the room, and touched by nobody but its seat and the chair', async () => {
    const phone = telephone()
    expect(await refusalOf(carryingOf(supervisor, phone.joinIn).carry(room, call))).toMatchObject({
      code: 'not-now',
    })
    await supervisor.attend(room)
    const there = await officer.attend(room)
    await carryingOf(supervisor, phone.joinIn).carry(room, call)
    await expect.poll(() => sceneIn(there.tellings)?.carried).toHaveLength(1)
    const carried = sceneIn(there.tellings)?.carried[0]?.id ?? ''

    const stranger = await openVideoSeat(each.atEnd, hub, 'fire-officer')
    expect(await refusalOf(carryingOf(stranger, phone.joinIn).carry(room, call))).toMatchObject({
      code: 'not-found',
    })
    const onAir = { room, carried, onAir: true }
    for (const [seat, code] of [
      [stranger, 'not-found'],
      [officer, 'forbidden'],
    ] as const) {
      const { request } = seat.client.rooms
      expect(await refusalOf(request.mutate({ kind: 'uncarry', room, carried }))).toMatchObject({ code })
      const chaired = { act: 'mute-carried', carried, muted: true } as const
      expect(await refusalOf(request.mutate({ kind: 'chair', room, chaired }))).toMatchObject({ code })
      expect(await refusalOf(seat.client.rooms.onAir.mutate(onAir))).toMatchObject({ code: 'not-found' })
    }
    const { peer } = there.welcome
    // A telephone has no key; and nobody presses one as another's page.
    for (const seat of [officer, stranger])
      expect(
        await refusalOf(seat.client.rooms.keyCarried.mutate({ peer, carried, down: true })),
      ).toMatchObject({
        code: 'not-found',
      })
    expect(sceneIn(there.tellings)?.carried).toMatchObject([{ id: carried, muted: false, onAir: false }])

    await supervisor.client.rooms.request.mutate({ kind: 'uncarry', room, carried })
    await expect.poll(() => sceneIn(there.tellings)?.carried).toEqual([])
  })

  it('goes with the officer who carries it, and is there again when they are', async () => {
    await supervisor.attend(room)
    const there = await officer.attend(room)
    const phone = telephone()
    const carrying = carryingOf(officer, phone.joinIn)
    await carrying.carry(room, call)
    const here = await supervisor.attend(room)
    await expect.poll(() => sceneIn(here.tellings)?.carried).toHaveLength(1)
    there.leave()
    await expect.poll(() => sceneIn(here.tellings)?.carried).toEqual([])
    await officer.attend(room)
    await expect.poll(() => sceneIn(here.tellings)?.carried).toHaveLength(1)
    carrying.stop()
    await expect.poll(() => sceneIn(here.tellings)?.carried).toEqual([])
  })

  it('is not listened to under another key than its own', async () => {
    await supervisor.attend(room)
    const asked = { room, what: { kind: 'call', call: CALL, number: '60001', unit: null } } as const
    for (const key of ['', 'A'.repeat(40).slice(1), `${'A'.repeat(39)}!`]) {
      const refused = await new Promise((resolve) => {
        supervisor.client.rooms.carry.subscribe(
          { ...asked, key },
          { onError: (error) => resolve(refusedBy(error)) },
        )
      })
      expect(refused).toMatchObject({ code: 'invalid' })
    }
  })
})
