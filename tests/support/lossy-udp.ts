/** A path for datagrams between a client and a server that loses the ones a test wants lost. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AtEnd } from './at-end.ts'

export interface LossyPath {
  /** Of 127.0.0.1, for the client. */
  readonly port: number
  readonly lost: () => number
}

/** Both directions; `loses` is asked for every datagram. */
export async function openLossyPath(
  atEnd: AtEnd,
  server: number,
  loses: (datagram: string) => boolean,
): Promise<LossyPath> {
  const near = createSocket('udp4').bind(0, '127.0.0.1')
  const far = createSocket('udp4').bind(0, '127.0.0.1')
  atEnd(() => {
    near.close()
    far.close()
  })
  await Promise.all([once(near, 'listening'), once(far, 'listening')])
  let client = 0
  let lost = 0
  const pass = (bytes: Buffer, send: () => void) => {
    if (loses(bytes.toString())) lost += 1
    else send()
  }
  near.on('message', (bytes, from) => {
    client = from.port
    pass(bytes, () => far.send(bytes, server, '127.0.0.1'))
  })
  far.on('message', (bytes) => pass(bytes, () => near.send(bytes, client, '127.0.0.1')))
  return { port: near.address().port, lost: () => lost }
}
