/** Rooms, sources and the SFU, as the page reaches them. */
import { keyCarriedSchema } from '../carried.ts'
import {
  connectTransportSchema,
  consumeSchema,
  oneConsumerSchema,
  oneProducerSchema,
  oneTransportSchema,
  openTransportSchema,
  pauseConsumerSchema,
  pauseProducerSchema,
  preferLayersSchema,
  produceSchema,
} from '../peers.ts'
import { attendRoomSchema, raiseHandSchema, roomRequestSchema } from '../rooms.ts'
import { carryHereSchema } from '../seat-video.ts'
import { attendSourcesSchema, watchSourceSchema } from '../sources.ts'
import { presetsQuerySchema, steerSourceSchema } from '../steering.ts'
import { never, t } from './procedures.ts'

const ask = t.procedure

export const videoRouter = t.router({
  rooms: t.router({
    watch: ask.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.video.rooms.watch(signal ?? never)
    }),
    reachable: ask.query(({ ctx }) => ctx.engine.video.rooms.reachable()),
    request: ask.input(roomRequestSchema).mutation(({ ctx, input }) => ctx.engine.video.rooms.request(input)),
    attend: ask.input(attendRoomSchema).subscription(async function* ({ ctx, input, signal }) {
      yield* ctx.engine.video.rooms.attend(input, signal ?? never)
    }),
    raiseHand: ask
      .input(raiseHandSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.rooms.raiseHand(input)),
    carry: ask.input(carryHereSchema).mutation(({ ctx, input }) => ctx.engine.video.rooms.carry(input)),
    keyCarried: ask
      .input(keyCarriedSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.rooms.keyCarried(input)),
    stopCarrying: ask.mutation(({ ctx }) => ctx.engine.video.rooms.stopCarrying()),
  }),
  sources: t.router({
    watchStatus: ask.subscription(async function* ({ ctx, signal }) {
      yield* ctx.engine.video.sources.watchStatus(signal ?? never)
    }),
    attend: ask.input(attendSourcesSchema).subscription(async function* ({ ctx, input, signal }) {
      yield* ctx.engine.video.sources.attend(input, signal ?? never)
    }),
    watch: ask.input(watchSourceSchema).mutation(({ ctx, input }) => ctx.engine.video.sources.watch(input)),
    unwatch: ask
      .input(watchSourceSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.sources.unwatch(input)),
    steer: ask.input(steerSourceSchema).mutation(({ ctx, input }) => ctx.engine.video.sources.steer(input)),
    presets: ask.input(presetsQuerySchema).query(({ ctx, input }) => ctx.engine.video.sources.presets(input)),
  }),
  peers: t.router({
    openTransport: ask
      .input(openTransportSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.peers.openTransport(input)),
    connectTransport: ask
      .input(connectTransportSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.peers.connectTransport(input)),
    restartIce: ask
      .input(oneTransportSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.peers.restartIce(input)),
    produce: ask.input(produceSchema).mutation(({ ctx, input }) => ctx.engine.video.peers.produce(input)),
    pauseProducer: ask
      .input(pauseProducerSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.peers.pauseProducer(input)),
    closeProducer: ask
      .input(oneProducerSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.peers.closeProducer(input)),
    consume: ask.input(consumeSchema).mutation(({ ctx, input }) => ctx.engine.video.peers.consume(input)),
    pauseConsumer: ask
      .input(pauseConsumerSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.peers.pauseConsumer(input)),
    closeConsumer: ask
      .input(oneConsumerSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.peers.closeConsumer(input)),
    preferLayers: ask
      .input(preferLayersSchema)
      .mutation(({ ctx, input }) => ctx.engine.video.peers.preferLayers(input)),
  }),
})
