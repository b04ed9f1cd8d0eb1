/** What a page in a room, or at the sources, asks of its hub: a seat's page through its engine, a phone's directly. */
import type * as z from 'zod'
import type { keyCarriedSchema } from '../contract/carried.ts'
import type {
  connectTransportSchema,
  consumeSchema,
  oneConsumerSchema,
  oneProducerSchema,
  openTransportSchema,
  pauseConsumerSchema,
  pauseProducerSchema,
  preferLayersSchema,
  produceSchema,
} from '../contract/peers.ts'
import type { raiseHandSchema } from '../contract/rooms.ts'

/** A procedure of either client; what it answers has the shape that the contract says. */
interface Ask<Schema extends z.ZodType> {
  mutate(input: z.input<Schema>): Promise<unknown>
}

export interface PeersClient {
  readonly openTransport: Ask<typeof openTransportSchema>
  readonly connectTransport: Ask<typeof connectTransportSchema>
  readonly produce: Ask<typeof produceSchema>
  readonly pauseProducer: Ask<typeof pauseProducerSchema>
  readonly closeProducer: Ask<typeof oneProducerSchema>
  readonly consume: Ask<typeof consumeSchema>
  readonly pauseConsumer: Ask<typeof pauseConsumerSchema>
  readonly closeConsumer: Ask<typeof oneConsumerSchema>
  readonly preferLayers: Ask<typeof preferLayersSchema>
}

/** What comes of an attendance. */
interface Ears {
  readonly context: { readonly prompt: true }
  onData(told: unknown): void
  onError(error: unknown): void
  onComplete(): void
}

export interface RoomsClient {
  readonly rooms: {
    readonly attend: {
      subscribe(asked: { readonly room: string }, ears: Ears): { unsubscribe(): void }
    }
    readonly raiseHand: Ask<typeof raiseHandSchema>
    readonly keyCarried: Ask<typeof keyCarriedSchema>
  }
  readonly peers: PeersClient
}

/** Where the voices of a room are heard. */
export interface RoomEars {
  /** How loud all of it is just now, 0 to 1 (root mean square). */
  level(): number
  /** Returns how to hear it no more. */
  hear(track: MediaStreamTrack): () => void
  close(): void
}
