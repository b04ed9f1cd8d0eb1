/** A source that sends by itself: there while its publisher is. A newer publisher takes the place of the one before. */
import { randomUUID } from 'node:crypto'
import type { Producer, WebRtcTransport } from 'mediasoup/types'
import type { Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { SourceFault, SourceState } from '../../contract/sources.ts'
import type { Place, Sfu } from '../sfu/sfu.ts'
import { checked } from '../sfu/wire.ts'
import type { Coming, Intake } from './intake.ts'
import { type Meter, openMeter } from './meter.ts'
import { readOffer, writeAnswer } from './whip-description.ts'

/** A publisher that has sent no picture by then has not come at all. */
const SHOWS_WITHIN_MS = 15_000
/** Of the picture and the sound together, bit/s. */
const MOST_INCOMING = 20_000_000

export interface Published extends Intake {
  /** Takes an offer to publish. Resolves with the answer and what the publication is called. Rejects with a `Refusal`. */
  publish(offer: string): Promise<{ readonly id: string; readonly answer: string }>
  /** Whether there was such a publication. */
  end(id: string): boolean
}

export interface PublishedOptions {
  readonly sfu: Sfu
  readonly clock: () => Instant
  /** Anything of it is another than before. */
  onChange(): void
}

interface Publication {
  readonly id: string
  readonly transport: WebRtcTransport
}

export function openPublished({ sfu, clock, onChange }: PublishedOptions): Published {
  let current: Publication | undefined
  let state: SourceState = 'absent'
  let fault: SourceFault | null = null
  let since = clock()
  let coming: Coming | undefined
  let meter: Meter | undefined

  const become = (next: SourceState, why: SourceFault | null = null) => {
    if (state === next && fault === why) return
    state = next
    fault = why
    since = clock()
    onChange()
  }
  const finish = (publication: Publication) => {
    publication.transport.close()
    if (current !== publication) return
    current = undefined
    coming = undefined
    meter?.close()
    meter = undefined
    become('absent')
  }

  const take = async (
    publication: Publication,
    place: Place,
    tracks: readonly { kind: string; producer: Producer }[],
  ) => {
    const picture = tracks.find(({ kind }) => kind === 'video')?.producer
    if (picture === undefined) return
    const own = await openMeter(picture, {
      clock,
      onKeyFrame: () => {
        if (current === publication) become('up')
      },
      onSilent: () => {
        if (current === publication) become('down', 'silent')
      },
      onLook: () => {
        if (current === publication) onChange()
      },
    })
    if (current !== publication) return own.close()
    meter = own
    coming = {
      place,
      tracks: tracks.map(({ kind, producer }) => ({
        track: kind === 'video' ? 'camera' : 'microphone',
        producer,
      })),
    }
    onChange()
  }

  return {
    get status() {
      return {
        state,
        since,
        fault,
        bitrate: meter?.bitrate ?? null,
        keyFrameAt: meter?.keyFrameAt ?? null,
      }
    },
    get coming() {
      return coming
    },
    hold: () => () => undefined,
    publish: async (sdp) => {
      const offer = readOffer(sdp)
      const place = await sfu.commonPlace()
      const transport = await place.router.createWebRtcTransport({
        webRtcServer: place.door,
        preferUdp: true,
        iceConsentTimeout: 10,
      })
      const publication: Publication = { id: randomUUID(), transport }
      try {
        await transport.setMaxIncomingBitrate(MOST_INCOMING)
        const { role } = offer.dtlsParameters
        await checked(transport.connect({ dtlsParameters: offer.dtlsParameters }))
        const tracks = await Promise.all(
          offer.sections.flatMap(({ taken }) =>
            taken === undefined
              ? []
              : [checked(transport.produce(taken)).then((producer) => ({ kind: taken.kind, producer }))],
          ),
        )
        if (transport.closed) throw new Refusal('video-down')
        if (current !== undefined) finish(current)
        current = publication
        transport.observer.once('close', () => finish(publication))
        // Nobody is at the other end any more: its consent has run out (RFC 7675).
        transport.on('icestatechange', (ice) => {
          if (ice === 'disconnected') finish(publication)
        })
        become('starting')
        const late = setTimeout(() => {
          if (current === publication && state === 'starting') finish(publication)
        }, SHOWS_WITHIN_MS)
        transport.observer.once('close', () => clearTimeout(late))
        await take(publication, place, tracks)
        return {
          id: publication.id,
          answer: writeAnswer(offer, transport, role === 'server' ? 'active' : 'passive'),
        }
      } catch (error) {
        transport.close()
        throw error
      }
    },
    end: (id) => {
      if (current?.id !== id) return false
      finish(current)
      return true
    },
    close: () => {
      if (current !== undefined) finish(current)
    },
  }
}
