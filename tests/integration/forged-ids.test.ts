/**
 * Whoever has no place in a room, or may not watch a source, gets nothing there with real ids that leaked to them: each
 * procedure of rooms, sources and the SFU answers as for an id that there never was.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type HubRouter, hubRouter } from '../../contract/hub.ts'
import type { RoomTelling } from '../../contract/rooms.ts'
import { refusedBy } from '../../contract/rpc.ts'
import { endings } from '../support/at-end.ts'
import type { TestHub } from '../support/hub.ts'
import { cityWithCrews } from '../support/incidents.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { openVideoBrowser, type VideoInPage } from '../support/video-page.ts'
import { type Attending, openVideoSeat, sceneIn, type VideoSeat } from '../support/video-seat.ts'
import { expectPicture } from '../support/video-seen.ts'

type Procedure = Extract<keyof HubRouter['_def']['procedures'] | string, string>

/** Ids that are real, or that were made up. */
interface Ids {
  readonly room: string
  readonly account: string
  readonly peer: string
  /** A page that has a transport, and that. */
  readonly page: string
  readonly transport: string
  readonly producer: string
  readonly consumer: string
  readonly carried: string
  readonly source: string
}

const opus = { mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }
const fingerprints = [{ algorithm: 'sha-256' as const, value: Array(32).fill('AA').join(':') }]
const what = { kind: 'call', call: randomUUID(), number: '60001', unit: null } as const
const key = randomBytes(30).toString('base64')

type Attempt = (seat: VideoSeat, ids: Ids) => Promise<unknown>

/** The first that a stream tells, or its refusal. */
const first = (
  subscribe: (on: { onData(told: unknown): void; onError(error: unknown): void }) => { unsubscribe(): void },
): Promise<unknown> => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const subscription = subscribe({ onData: resolve, onError: reject })
  return promise.finally(() => subscription.unsubscribe())
}

/** Every way to name what is another's. */
const attempts: Readonly<Record<Procedure, readonly Attempt[]>> = {
  'rooms.request': [
    ({ client }, { room }) => client.rooms.request.mutate({ kind: 'end', room }),
    ({ client }, { room }) => client.rooms.request.mutate({ kind: 'take-chair', room }),
    ({ client }, { room, carried }) => client.rooms.request.mutate({ kind: 'uncarry', room, carried }),
    ({ client, account }, { room }) =>
      client.rooms.request.mutate({ kind: 'move', room, account, act: 'accept' }),
    ({ client }, { room, account }) =>
      client.rooms.request.mutate({ kind: 'move', room, account, act: 'remove' }),
    ({ client }, { room, source }) =>
      client.rooms.request.mutate({ kind: 'chair', room, chaired: { act: 'show-source', source } }),
    ({ client }, { room, account }) =>
      client.rooms.request.mutate({
        kind: 'chair',
        room,
        chaired: { act: 'mute', account, what: 'sound', muted: true },
      }),
  ],
  'rooms.attend': [({ client }, { room }) => first((on) => client.rooms.attend.subscribe({ room }, on))],
  'rooms.carry': [
    ({ client }, { room }) => first((on) => client.rooms.carry.subscribe({ room, what, key }, on)),
  ],
  'rooms.raiseHand': [({ client }, { peer }) => client.rooms.raiseHand.mutate({ peer, raised: true })],
  'rooms.keyCarried': [
    ({ client }, { peer, carried }) => client.rooms.keyCarried.mutate({ peer, carried, down: true }),
  ],
  'rooms.onAir': [
    ({ client }, { room, carried }) => client.rooms.onAir.mutate({ room, carried, onAir: true }),
  ],
  'sources.watch': [
    ({ client }, { peer, source }) => client.sources.watch.mutate({ peer, source }),
    async ({ client, attendSources }, { source }) => {
      const { welcome, leave } = await attendSources()
      await client.sources.watch.mutate({ peer: welcome.peer, source }).finally(leave)
    },
  ],
  'sources.steer': [
    ({ client }, { source }) => client.sources.steer.mutate({ source, act: { kind: 'stop' } }),
    ({ client }, { source }) => client.sources.steer.mutate({ source, act: { kind: 'go-to', preset: 'p' } }),
  ],
  'sources.presets': [({ client }, { source }) => client.sources.presets.query({ source })],
  'sources.unwatch': [({ client }, { peer, source }) => client.sources.unwatch.mutate({ peer, source })],
  'peers.openTransport': [
    ({ client }, { peer }) => client.peers.openTransport.mutate({ peer, direction: 'receive' }),
  ],
  'peers.connectTransport': [
    ({ client }, { page: peer, transport }) =>
      client.peers.connectTransport.mutate({ peer, transport, dtlsParameters: { fingerprints } }),
  ],
  'peers.restartIce': [
    ({ client }, { page: peer, transport }) => client.peers.restartIce.mutate({ peer, transport }),
  ],
  'peers.produce': [
    ({ client }, { page: peer, transport }) =>
      client.peers.produce.mutate({
        peer,
        transport,
        track: 'screen-sound',
        rtpParameters: { codecs: [opus], encodings: [{ ssrc: 4711 }] },
      }),
  ],
  'peers.pauseProducer': [
    ({ client }, { peer, producer }) => client.peers.pauseProducer.mutate({ peer, producer, paused: true }),
  ],
  'peers.closeProducer': [
    ({ client }, { peer, producer }) => client.peers.closeProducer.mutate({ peer, producer }),
  ],
  'peers.consume': [
    ({ client }, { page: peer, transport, producer }) =>
      client.peers.consume.mutate({
        peer,
        transport,
        producer,
        rtpCapabilities: { codecs: [], headerExtensions: [] },
      }),
    // From where they are themselves, by the bare id.
    async ({ client, attendSources }, { producer }) => {
      const { welcome, leave } = await attendSources()
      const { peer, rtpCapabilities } = welcome
      const { id: transport } = await client.peers.openTransport.mutate({ peer, direction: 'receive' })
      await client.peers.consume
        .mutate({ peer, transport, producer, rtpCapabilities: rtpCapabilities as never })
        .finally(leave)
    },
  ],
  'peers.pauseConsumer': [
    ({ client }, { peer, consumer }) => client.peers.pauseConsumer.mutate({ peer, consumer, paused: true }),
  ],
  'peers.closeConsumer': [
    ({ client }, { peer, consumer }) => client.peers.closeConsumer.mutate({ peer, consumer }),
  ],
  'peers.preferLayers': [
    ({ client }, { peer, consumer }) =>
      client.peers.preferLayers.mutate({ peer, consumer, spatial: 0, temporal: null }),
  ],
}
/** Those that name nothing: what they tell is looked at byte by byte. */
const lists: readonly Procedure[] = [
  'rooms.watch',
  'rooms.reachable',
  'sources.watchStatus',
  'sources.attend',
]

const patience = { timeout: 20_000, interval: 20 }
const { atEnd, run } = endings()
let hub: TestHub
let real: Ids
let here: Attending<RoomTelling>
let far: VideoInPage
let there: Attending<RoomTelling>
const strangers = new Map<string, VideoSeat>()

beforeAll(async () => {
  hub = await startVideoHub(atEnd, {
    site: {
      ...cityWithCrews,
      sources: [
        {
          id: 'gate',
          name: '北门',
          kind: 'rtsp',
          url: 'rtsp://127.0.0.1:9/1',
          area: 'north',
          agency: 'police',
        },
      ],
    },
  })
  const browser = await openVideoBrowser(atEnd)
  const seat = (account: string) => openVideoSeat(atEnd, hub, account)
  const [chair, officer] = [await seat('supervisor'), await seat('north-officer')]
  for (const account of ['fire-officer', 'guest', 'south-crew', 'north-crew'])
    strangers.set(account, await seat(account))
  const status = chair.watchStatus()
  await vi.waitFor(() => expect(status.at(-1)?.video.state).toBe('up'), patience)
  const { room } = await chair.client.rooms.request.mutate({
    kind: 'open',
    name: '会商',
    scope: { kind: 'area', area: 'north' },
    invite: ['north-officer', 'north-crew'],
  })
  await chair.client.rooms.request.mutate({
    kind: 'chair',
    room,
    chaired: { act: 'show-source', source: 'gate' },
  })
  here = await chair.attend(room)
  there = await officer.attend(room)
  // Was in it, and is not any more.
  const crew = await strangers.get('north-crew')?.attend(room)
  await chair.client.rooms.request.mutate({ kind: 'move', room, account: 'north-crew', act: 'remove' })
  await vi.waitFor(
    () => expect(crew?.tellings.at(-1)).toMatchObject({ kind: 'over', how: 'removed' }),
    patience,
  )

  const near = await browser.open(chair)
  far = await browser.open(officer)
  const producer = await near.send(here.welcome, 'camera')
  const consumer = await far.receive(there.welcome, producer)
  chair.client.rooms.carry.subscribe({ room, what, key }, {})
  await vi.waitFor(() => expect(sceneIn(here.tellings)?.carried).toHaveLength(1), patience)
  const { peer } = there.welcome
  const { welcome } = await chair.attendSources()
  const opened = await chair.client.peers.openTransport.mutate({ peer: welcome.peer, direction: 'receive' })
  real = {
    room,
    account: 'north-officer',
    peer,
    page: welcome.peer,
    transport: opened.id,
    producer,
    consumer,
    carried: sceneIn(here.tellings)?.carried[0]?.id ?? '',
    source: 'gate',
  }
})
afterAll(run)

const made = (): Ids => ({
  room: randomUUID(),
  account: 'north-officer',
  peer: randomUUID(),
  page: randomUUID(),
  transport: randomUUID(),
  producer: randomUUID(),
  consumer: randomUUID(),
  carried: randomUUID(),
  source: 'there-is-none',
})
/** What is answered, without the id that was asked for. */
async function answered(attempt: Attempt, seat: VideoSeat, ids: Ids): Promise<string> {
  try {
    return `done: ${JSON.stringify(await attempt(seat, ids))}`
  } catch (error) {
    const refused = refusedBy(error)
    if (refused === undefined) throw error
    let text = JSON.stringify(refused)
    for (const id of Object.values(ids)) text = text.replaceAll(JSON.stringify(id), '"…"')
    return text
  }
}

/** What others could have changed. */
function standing() {
  const { chair, layout, quiet, spotlight, members, sources, carried } = sceneIn(here.tellings) ?? {}
  return {
    ...{ chair, layout, quiet, spotlight },
    members: members?.map(({ account, state, muted, handAt }) => ({ account, state, muted, handAt })),
    sources: sources?.map(({ source }) => source),
    carried: carried?.map(({ id, muted, keyedBy, onAir }) => ({ id, muted, keyedBy, onAir })),
  }
}

describe('rooms, sources and the SFU', () => {
  it('have no procedure that is not tried here', () => {
    const procedures = Object.keys(hubRouter._def.procedures).filter((name) =>
      /^(rooms|sources|peers)\./.test(name),
    )
    expect(procedures.length).toBeGreaterThan(15)
    expect([...Object.keys(attempts), ...lists].toSorted()).toEqual(procedures.toSorted())
  })

  it('tell nobody of them to whom they are not', async () => {
    for (const [account, seat] of strangers) {
      await seat.client.rooms.reachable.query()
      const bytes = seat.bytes().toString('latin1')
      const { room, producer, consumer, peer, carried } = real
      const known = { room, producer, consumer, peer, carried }
      const told = Object.entries(known).flatMap(([name, id]) => (bytes.includes(id) ? [name] : []))
      // Whoever was in it knows the room, and what was sent there before they were removed.
      expect(`${account}: ${told}`).toBe(`${account}: ${account === 'north-crew' ? 'room' : ''}`)
      expect(seat.rooms().filter(({ id }) => id === room)).toEqual([])
      expect(seat.statuses().filter(({ source }) => source === real.source)).toEqual([])
    }
  })

  it.each(['fire-officer', 'guest', 'south-crew', 'north-crew'])(
    'answer %s about what is another’s as about what there is not, and do nothing',
    async (account) => {
      const seat = strangers.get(account)
      if (seat === undefined) throw new Error('nobody tries')
      const before = standing()
      for (const [procedure, tries] of Object.entries(attempts))
        for (const attempt of tries) {
          const forged = await answered(attempt, seat, real)
          expect(`${procedure}: ${forged}`).toMatch(/: \{"code":"(not-found|forbidden)"/)
          expect(`${procedure}: ${forged}`).toBe(`${procedure}: ${await answered(attempt, seat, made())}`)
        }
      expect(standing()).toEqual(before)
      await expectPicture(far, there, real.producer)
    },
  )
})
