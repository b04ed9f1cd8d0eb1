/** A mosquitto of a test's own: TLS, passwords and an access list, on a free port. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'mqtt'
import { vi } from 'vitest'
import type { AtEnd } from './at-end.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { type Program, runProgram, startProgram } from './processes.ts'

export interface BrokerUser {
  readonly name: string
  readonly password: string
  /** Lines of mosquitto's access list, as `topic read wf/v1/+/+/position`. */
  readonly may: readonly string[]
}

export interface Mosquitto {
  readonly url: string
  /** Who vouches for its certificate. */
  readonly authority: Authority
  kill(): Promise<void>
  /** On the same port; with these users from now on, if they are given. */
  start(users?: readonly BrokerUser[]): Promise<void>
}

/** Starts a broker that only these users may use; it is killed at the end. */
export async function startMosquitto(atEnd: AtEnd, users: readonly BrokerUser[]): Promise<Mosquitto> {
  const folder = temporaryFolder(atEnd)
  const authority = await makeAuthority(folder)
  const server = await authority.issue('mosquitto')
  const port = await freePort()
  const passwords = join(folder, 'passwords')
  const access = join(folder, 'access')
  const configuration = join(folder, 'mosquitto.conf')
  writeFileSync(
    configuration,
    [
      `listener ${port} 127.0.0.1`,
      `certfile ${server.certFile}`,
      `keyfile ${server.keyFile}`,
      'allow_anonymous false',
      `password_file ${passwords}`,
      `acl_file ${access}`,
      'persistence false',
      'set_tcp_nodelay true',
      'user root',
      '',
    ].join('\n'),
  )
  const admit = async (admitted: readonly BrokerUser[]) => {
    writeFileSync(passwords, '', { mode: 0o600 })
    for (const { name, password } of admitted)
      await runProgram('mosquitto_passwd', ['-b', passwords, name, password])
    writeFileSync(
      access,
      admitted.map(({ name, may }) => [`user ${name}`, ...may, ''].join('\n')).join('\n'),
      { mode: 0o600 },
    )
  }
  let program: Program | undefined
  const url = `mqtts://127.0.0.1:${port}`
  const start = async (next?: readonly BrokerUser[]) => {
    if (next !== undefined) await admit(next)
    program = startProgram(atEnd, 'mosquitto', ['-c', configuration])
    const { said } = program
    await vi.waitFor(() => answers(url, authority, said), { timeout: 10_000, interval: 50 })
  }
  await start(users)
  return { url, authority, kill: async () => program?.kill(), start }
}

/** Whether it answers at all: nobody may come in without a name, and that is an answer. */
function answers(url: string, authority: Authority, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = connect(url, { ca: authority.cert, reconnectPeriod: 0, connectTimeout: 2_000 })
    client.on('error', (error) => {
      client.end(true)
      if ('code' in error && typeof error.code === 'number') resolve()
      else reject(new Error(`mosquitto does not answer: ${error.message}\n${said()}`))
    })
  })
}
