/** A WebSocket to the hub as a carrier, and what went wrong if there is none. */
import { WebSocket } from 'ws'
import type { Carrier } from '../../../contract/carrier.ts'
import { SESSION_OVER } from '../../../contract/rpc.ts'
import type { HubAddress } from '../../../contract/shell.ts'

const HANDSHAKE_MS = 8_000
const LONGEST_MESSAGE = 256 * 1024 * 1024

/** Why a hub could not be reached. */
export interface Unreachable {
  readonly code: 'no-answer' | 'certificate'
  readonly why: string
}

export class HubSocketError extends Error implements Unreachable {
  override readonly name = 'HubSocketError'
  readonly code: 'no-answer' | 'certificate'
  readonly why: string

  constructor(code: 'no-answer' | 'certificate', why: string) {
    super(why)
    this.code = code
    this.why = why
  }
}

/** Rejects with a `HubSocketError`. `sessionOver` is called if the hub ends the session. */
export function openHubSocket(
  { url, ca }: HubAddress,
  query: string,
  sessionOver: () => void,
): Promise<Carrier> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url}${query}`, {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: LONGEST_MESSAGE,
      perMessageDeflate: false,
      ...(ca !== undefined && { ca }),
    })
    socket.binaryType = 'arraybuffer'
    socket.once('error', (error: NodeJS.ErrnoException) => reject(explain(error)))
    socket.once('open', () => resolve(carrierOf(socket, sessionOver)))
  })
}

function carrierOf(socket: WebSocket, sessionOver: () => void): Carrier {
  return {
    send: (message) => socket.send(message),
    close: () => socket.close(),
    listen: ({ text, binary, closed }) => {
      socket.on('message', (data, isBinary) => {
        if (isBinary) binary(data as ArrayBuffer)
        else text(Buffer.from(data as ArrayBuffer).toString())
      })
      socket.on('error', () => socket.terminate())
      socket.on('close', (code) => {
        closed()
        if (code === SESSION_OVER) sessionOver()
      })
    },
  }
}

/** Errors of Node's TLS that are about the certificate itself (nodejs.org/api/tls.html, X509 certificate error codes). */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME/

function explain(error: NodeJS.ErrnoException): HubSocketError {
  const code = error.code ?? ''
  return new HubSocketError(
    CERTIFICATE.test(code) ? 'certificate' : 'no-answer',
    code === '' ? error.message : code,
  )
}
