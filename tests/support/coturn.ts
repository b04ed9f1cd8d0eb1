/** coturn, Debian's: a relay that lets in whoever the hub has given a name. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AtEnd } from './at-end.ts'
import { temporaryFolder } from './folder.ts'
import { startProgram } from './processes.ts'
import { until } from './until.ts'

export interface Coturn {
  readonly url: string
  said(): string
}

/** At this address, from which it also relays. */
export async function startCoturn(
  atEnd: AtEnd,
  { address, port, secret }: { readonly address: string; readonly port: number; readonly secret: string },
): Promise<Coturn> {
  const folder = temporaryFolder(atEnd)
  const file = join(folder, 'turnserver.conf')
  writeFileSync(
    file,
    [
      `listening-ip=${address}`,
      `relay-ip=${address}`,
      `listening-port=${port}`,
      'use-auth-secret',
      `static-auth-secret=${secret}`,
      'realm=watchfloor.test',
      'allow-loopback-peers',
      'no-tls',
      'no-dtls',
      'no-cli',
      'log-file=stdout',
      'simple-log',
      'verbose',
      `pidfile=${join(folder, 'turn.pid')}`,
      `userdb=${join(folder, 'turndb')}`,
      '',
    ].join('\n'),
  )
  chmodSync(file, 0o600)
  const program = startProgram(atEnd, 'turnserver', ['-c', file])
  await until(() => {
    if (!program.said().includes('listener opened on'))
      throw new Error(`coturn does not listen: ${program.said()}`)
  })
  return { url: `turn:${address}:${port}`, said: () => program.said() }
}
