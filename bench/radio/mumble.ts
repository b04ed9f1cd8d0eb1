/**
 * Mumble's own client twice, without a window, on Debian's server: one talks, the other is heard at its sound system.
 * As installed, but that it transmits as long as it is not muted: unmuting is its push-to-talk from outside.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { connect as connectTls } from 'node:tls'
import type { AtEnd } from '../../tests/support/at-end.ts'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { freePort } from '../../tests/support/free-port.ts'
import { startProgram } from '../../tests/support/processes.ts'
import { until } from '../../tests/support/until.ts'

const SETTINGS = `[General]
lastupdate=2
[audio]
transmit=0
noisesupress=0
input=PulseAudio
output=PulseAudio
[ui]
usage=false
[update]
check=false
plugincheck=false
`

export interface Mumble {
  press(): Promise<void>
  release(): Promise<void>
}

/** Each client has a sound system of its own. Resolves when both are on the server, and nobody talks. */
export async function startMumble(
  atEnd: AtEnd,
  sounds: { readonly talker: string; readonly listener: string },
): Promise<Mumble> {
  const port = await freePort()
  const folder = temporaryFolder(atEnd)
  const settings = join(folder, 'murmur.ini')
  writeFileSync(
    settings,
    [
      ...[`database=${join(folder, 'murmur.sqlite')}`, 'host=127.0.0.1', `port=${port}`, 'bonjour=false'],
      ...['logfile=', `pidfile=${join(folder, 'pid')}`, 'uname=root', 'bandwidth=130000', ''],
    ].join('\n'),
  )
  const server = startProgram(atEnd, 'murmurd', ['-fg', '-ini', settings])
  const fingerprint = await until(() => fingerprintOf(port))
  const open = async (name: string, sound: string) => {
    const home = temporaryFolder(atEnd)
    chmodSync(home, 0o700)
    mkdirSync(join(home, '.config/Mumble'), { recursive: true })
    writeFileSync(join(home, '.config/Mumble/Mumble.conf'), SETTINGS)
    startProgram(atEnd, 'mumble', ['-m', '-n'], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        XDG_RUNTIME_DIR: home,
        QT_QPA_PLATFORM: 'offscreen',
        PULSE_SERVER: sound,
        LANG: 'C.UTF-8',
      },
    })
    const tell = (words: string) => told(join(home, 'MumbleSocket'), words)
    // Anything that it answers.
    await until(() => tell('<self reqid="1"/>'))
    trust(join(home, '.local/share/Mumble/Mumble/mumble.sqlite'), port, fingerprint)
    await tell(`<url reqid="2" href="mumble://${name}@127.0.0.1:${port}/?version=1.2.0"/>`)
    await until(() => {
      if (!server.said().includes(`:${name}(-1)> Authenticated`))
        throw new Error(`${name} is not on the server`)
    })
    return tell
  }
  const tellTalker = await open('talker', sounds.talker)
  const tellListener = await open('listener', sounds.listener)
  for (const tell of [tellTalker, tellListener]) await tell('<self reqid="3" mute="true"/>')
  return {
    press: () => tellTalker('<self reqid="4" mute="false"/>'),
    release: () => tellTalker('<self reqid="5" mute="true"/>'),
  }
}

/** Of the certificate that the server made for itself, as Mumble writes it. */
const fingerprintOf = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint.replaceAll(':', '').toLowerCase())
      socket.destroy()
    })
    socket.on('error', reject)
  })

/** As if a person had said yes to the certificate. */
function trust(file: string, port: number, fingerprint: string): void {
  const database = new DatabaseSync(file)
  database
    .prepare('insert into cert (hostname, port, digest) values (?, ?, ?)')
    .run('127.0.0.1', port, fingerprint)
  database.close()
}

/** Says something to a client as `mumble rpc` does; resolves when it has done it. */
const told = (socket: string, words: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const client = connect(socket, () => client.write(words))
    client.on('error', reject)
    client.on('data', () => {
      client.end()
      resolve()
    })
  })
