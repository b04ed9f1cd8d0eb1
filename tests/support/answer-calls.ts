/** The least of a SIP server over UDP (RFC 3261): registers anybody, and answers calls as a session does. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { MediaSession } from '../../main/engine/media/media-session.ts'
import type { AtEnd } from './at-end.ts'

/** On 127.0.0.1, at the port that is returned. */
export async function answerCalls(atEnd: AtEnd, session: MediaSession): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  atEnd(() => void socket.close())
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.on('message', async (bytes, from) => {
    const [head = '', body = ''] = bytes.toString().split('\r\n\r\n')
    const [first = '', ...headers] = head.split('\r\n')
    const method = first.split(' ')[0]
    if (method === undefined || method === 'ACK' || method === 'SIP/2.0') return
    const copied = headers
      .filter((header) => /^(via|from|to|call-id|cseq):/i.test(header))
      .map((header) => (/^to:/i.test(header) && !header.includes(';tag=') ? `${header};tag=ours` : header))
    const answer = method === 'INVITE' ? await session.answer(body, 'sendrecv') : ''
    const own = [
      method === 'REGISTER'
        ? `${headers.find((header) => /^contact:/i.test(header))}`
        : `Contact: <sip:60001@127.0.0.1:${port}>`,
      ...(answer === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${answer.length}`,
    ]
    socket.send(['SIP/2.0 200 OK', ...copied, ...own, '', answer].join('\r\n'), from.port, from.address)
  })
  return port
}
