/** sipp as a peer that says exactly what a test wants it to say. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AtEnd } from './at-end.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { type Program, startProgram } from './processes.ts'

export interface Sipp {
  readonly port: number
  /** Resolves when the scenario has been gone through; rejects with what went wrong in it. */
  readonly done: Promise<void>
  /** What its `log` actions have said. */
  logged(): string
}

/** Plays one call of a scenario. Without `to` it waits for one. RTP that comes to it goes back where it came from. */
export async function startSipp(atEnd: AtEnd, steps: readonly string[], to?: number): Promise<Sipp> {
  const folder = temporaryFolder(atEnd)
  const [port, media] = [await freePort(), await freePort()]
  const file = join(folder, 'scenario.xml')
  writeFileSync(
    file,
    `<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="test">\n${steps.join('\n')}\n</scenario>\n`,
  )
  const errors = join(folder, 'errors.log')
  const log = join(folder, 'log')
  const program = startProgram(
    atEnd,
    'sipp',
    [
      ...['-sf', file, '-i', '127.0.0.1', '-p', `${port}`, '-m', '1', '-nostdin', '-timeout', '60s'],
      ...['-mp', `${media}`, '-rtp_echo'],
      ...[
        '-trace_err',
        '-error_file',
        errors,
        '-trace_logs',
        '-log_file',
        log,
        '-recv_timeout',
        '20000',
        '-key',
        'domain',
        'pbx.test',
      ],
      ...(to === undefined ? [] : [`127.0.0.1:${to}`]),
    ],
    { cwd: folder },
  )
  const done = finished(program, errors)
  done.catch(() => undefined)
  return { port, done, logged: () => readFileSync(log, 'utf8') }
}

async function finished(program: Program, errors: string): Promise<void> {
  const status = await program.ended
  if (status === 0) return
  const said = existsSync(errors) ? readFileSync(errors, 'utf8') : program.said()
  throw new Error(`sipp ended with ${status}: ${said}`)
}

export const receive = (request: string, actions = ''): string =>
  `<recv request="${request}">${actions === '' ? '' : `<action>${actions}</action>`}</recv>`

export const receiveStatus = (status: number, optional = false): string =>
  `<recv response="${status}"${optional ? ' optional="true"' : ''}/>`

/** After an INVITE out: whatever comes before its answer. */
export const receiveAnswer = (status: number): string =>
  [receiveStatus(100, true), receiveStatus(180, true), receiveStatus(status)].join('\n')

const SDP_TYPE = 'Content-Type: application/sdp'

/** A session description of G.711, or with other lines for its media. */
export const sdpBody = (media: readonly string[] = ['m=audio [media_port] RTP/AVP 0']): string =>
  ['v=0', 'o=sipp 1 [cseq] IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ...media, ''].join('\n')

/** An answer to what came last. */
export const reply = (status: string, headers: readonly string[] = [], body = ''): string =>
  send([
    `SIP/2.0 ${status}`,
    '[last_Via:]',
    '[last_From:]',
    `[last_To:]${status.startsWith('100') ? '' : ';tag=[pid]S[call_number]'}`,
    '[last_Call-ID:]',
    '[last_CSeq:]',
    '[last_Record-Route:]',
    'Contact: <sip:sipp@127.0.0.1:[local_port]>',
    ...headers,
    ...(body === '' ? [] : [SDP_TYPE]),
    'Content-Length: [len]',
    '',
    body,
  ])

/** An answer within a dialogue, whose To has its tag already. */
export const replyWithin = (status: string, headers: readonly string[] = [], body = ''): string =>
  reply(status, headers, body).replace(';tag=[pid]S[call_number]', '')

/** A request out of the blue, as a caller's. */
export const request = (
  method: string,
  cseq: number,
  {
    user = 'desk',
    headers = [],
    body = '',
    type = SDP_TYPE,
    tag = '',
    branch = '[branch]',
  }: Partial<{
    user: string
    headers: readonly string[]
    body: string
    /** The header line that says what the body is. */
    type: string
    /** Within the dialogue: `[peer_tag_param]`. */
    tag: string
    branch: string
  }> = {},
): string =>
  send([
    `${method} sip:${user}@[remote_ip]:[remote_port] SIP/2.0`,
    `Via: SIP/2.0/[transport] 127.0.0.1:[local_port];rport;branch=${branch}`,
    'From: "Sipp" <sip:sipp@[domain]>;tag=[pid]C[call_number]',
    `To: <sip:${user}@[domain]>${tag}`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:sipp@127.0.0.1:[local_port]>',
    'Max-Forwards: 70',
    ...headers,
    ...(body === '' ? [] : [type]),
    'Content-Length: [len]',
    '',
    body,
  ])

/** A request of the called side within the dialogue that an INVITE has begun; its From and To are as learned. */
export const requestBack = (
  method: string,
  cseq: number,
  body = '',
  headers: readonly string[] = body === '' ? [] : [SDP_TYPE],
): string =>
  send([
    `${method} [next_url] SIP/2.0`,
    'Via: SIP/2.0/[transport] 127.0.0.1:[local_port];rport;branch=[branch]',
    'From: [$local]',
    'To: [$remote]',
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:sipp@127.0.0.1:[local_port]>',
    'Max-Forwards: 70',
    ...headers,
    'Content-Length: [len]',
    '',
    body,
  ])

const send = (lines: readonly string[]): string => `<send><![CDATA[\n\n${lines.join('\n')}\n]]></send>`
