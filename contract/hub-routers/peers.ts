/** Pictures and sound between a page and the SFU, as a seat reaches the hub for them. */
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
  producedSchema,
  produceSchema,
} from '../peers.ts'
import { nothing, seat, t } from './procedures.ts'

export const peersRouter = t.router({
  openTransport: seat
    .input(openTransportSchema)
    .mutation(({ ctx, input }) => ctx.hub.peers.openTransport(ctx.session, input)),
  connectTransport: seat
    .input(connectTransportSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.peers.connectTransport(ctx.session, input)),
  restartIce: seat
    .input(oneTransportSchema)
    .mutation(({ ctx, input }) => ctx.hub.peers.restartIce(ctx.session, input)),
  produce: seat
    .input(produceSchema)
    .output(producedSchema)
    .mutation(({ ctx, input }) => ctx.hub.peers.produce(ctx.session, input)),
  pauseProducer: seat
    .input(pauseProducerSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.peers.pauseProducer(ctx.session, input)),
  closeProducer: seat
    .input(oneProducerSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.peers.closeProducer(ctx.session, input)),
  consume: seat.input(consumeSchema).mutation(({ ctx, input }) => ctx.hub.peers.consume(ctx.session, input)),
  pauseConsumer: seat
    .input(pauseConsumerSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.peers.pauseConsumer(ctx.session, input)),
  closeConsumer: seat
    .input(oneConsumerSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.peers.closeConsumer(ctx.session, input)),
  preferLayers: seat
    .input(preferLayersSchema)
    .output(nothing)
    .mutation(({ ctx, input }) => ctx.hub.peers.preferLayers(ctx.session, input)),
})
