/**
 * Where publishers send (RFC 9725): POST /whip/SOURCE with an offer and the source's token begins, DELETE of what it
 * was told ends. Neither trickle ICE nor ICE restarts: every candidate is in the answer.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Id, Instant } from '../../contract/primitives.ts'
import { Refusal } from '../../contract/refusal.ts'
import { afterFailure, type Guesses, isLocked, lockoutPolicies, noGuesses } from '../accounts/lockout.ts'
import type { Published } from './publishing.ts'

const LONGEST_OFFER = 64 * 1024
const MOST_ADDRESSES = 10_000
const PATH = '/whip/:source'

export interface WhipOptions {
  readonly clock: () => Instant
  readonly log: Logger
  /** The source of this id, if it is one that publishes. */
  published(source: Id): Published | undefined
  /** Whether this is the source's token; false for one that has none. */
  checkToken(source: Id, token: string): Promise<boolean>
}

export function addWhip(http: FastifyInstance, { clock, log, published, checkToken }: WhipOptions): void {
  const guesses = new Map<string, Guesses>()

  /** The source that the request has the token of. Answers, and gives undefined, if it has not. */
  const admit = async (request: FastifyRequest, reply: FastifyReply): Promise<Published | undefined> => {
    const { source = '' } = request.params as { source?: string }
    const before = guesses.get(request.ip) ?? noGuesses
    if (isLocked(before, clock())) {
      await reply.code(429).send()
      return undefined
    }
    const token = /^Bearer (\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1]
    const found = published(source)
    // It takes as long for a source that there is not.
    if (token !== undefined && (await checkToken(source, token)) && found !== undefined) {
      guesses.delete(request.ip)
      return found
    }
    if (token !== undefined) {
      if (guesses.size >= MOST_ADDRESSES) guesses.clear()
      guesses.set(request.ip, afterFailure(before, clock(), lockoutPolicies.address))
    }
    await reply.code(401).header('www-authenticate', 'Bearer').send()
    return undefined
  }

  void http.register(async (whip) => {
    whip.addContentTypeParser(
      'application/sdp',
      { parseAs: 'string', bodyLimit: LONGEST_OFFER },
      (_, body, done) => done(null, body),
    )
    // A page may publish, too: it shows a token, and no cookie of anybody's counts.
    whip.addHook('onRequest', async (_, reply) => {
      reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'location')
    })
    whip.options(PATH, async (_, reply) =>
      reply
        .code(204)
        .header('accept-post', 'application/sdp')
        .header('access-control-allow-methods', 'POST, DELETE')
        .header('access-control-allow-headers', 'authorization, content-type')
        .send(),
    )
    whip.post(PATH, async (request, reply) => {
      const source = await admit(request, reply)
      if (source === undefined) return reply
      if (typeof request.body !== 'string') return reply.code(415).send()
      try {
        const { id, answer } = await source.publish(request.body)
        const { source: name } = request.params as { source: string }
        return await reply
          .code(201)
          .header('location', `/whip/${name}/${id}`)
          .type('application/sdp')
          .send(answer)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        log.warn({ code: error.code, ...error.particulars }, 'a publisher was refused')
        return reply
          .code(error.code === 'video-down' ? 503 : 400)
          .type('text/plain; charset=utf-8')
          .send(`${error.particulars.why ?? error.code}\n`)
      }
    })
    whip.delete(`${PATH}/:publication`, async (request, reply) => {
      const source = await admit(request, reply)
      if (source === undefined) return reply
      const { publication } = request.params as { publication: string }
      return reply.code(source.end(publication) ? 200 : 404).send()
    })
    whip.patch(`${PATH}/:publication`, async (_, reply) => reply.code(405).send())
  })
}
