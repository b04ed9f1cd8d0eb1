/** Between what travels over the contract and mediasoup's types. What a page got wrong becomes a `Refusal`. */
import type {
  Consumer,
  RtpCapabilities as SfuRtpCapabilities,
  RtpParameters as SfuRtpParameters,
  WebRtcTransport,
} from 'mediasoup/types'
import type { ConsumerOffer, RtpCapabilities, RtpParameters, TransportOffer } from '../../contract/peers.ts'
import { Refusal } from '../../contract/refusal.ts'

// mediasoup's types name every header extension that it knows; it checks itself that it is one of those.
export const rtpCapabilities = (given: RtpCapabilities): SfuRtpCapabilities => given as SfuRtpCapabilities
export const rtpParameters = (given: RtpParameters): SfuRtpParameters => given as SfuRtpParameters

export const capabilitiesOf = (own: SfuRtpCapabilities): RtpCapabilities => own as RtpCapabilities

export const transportOffer = ({
  id,
  iceParameters,
  iceCandidates,
  dtlsParameters,
}: WebRtcTransport): TransportOffer => ({ id, iceParameters, iceCandidates, dtlsParameters })

/** `source`: the producer as the page knows it. */
export const consumerOffer = ({ id, kind, rtpParameters: own }: Consumer, source: string): ConsumerOffer => ({
  id,
  producerId: source,
  kind,
  rtpParameters: own as RtpParameters,
})

/** mediasoup rejects what does not fit together: that is the page's fault, and nothing of ours has failed. */
export async function checked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new Refusal('invalid', {
      why: (error instanceof Error ? error.message : String(error)).slice(0, 200),
    })
  }
}
