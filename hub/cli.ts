/** `npm run hub`: a hub for many seats, and the operator's tools for its data. */
import { existsSync, readdirSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { createSecureContext } from 'node:tls'
import { parseArgs } from 'node:util'
import pino from 'pino'
import { parse } from 'yaml'
import { ConfigError, type HubConfig, hubConfigSchema, isLoopback, parseListen, readNamed } from './config.ts'
import { exportSite } from './directory/export.ts'
import { loadSite, setPassword } from './directory/load.ts'
import { readSiteFile, SiteFileError, writeSite } from './directory/site-file.ts'
import { startHub } from './hub.ts'
import { JournalDamage } from './journal/chain.ts'
import { type Journal, openJournal } from './journal/journal.ts'
import { verifyJournal } from './journal/verify.ts'
import { backUpSqlite } from './store/backup.ts'
import { type Database, StoreFailure } from './store/database.ts'
import { openHubStore, sqliteFile } from './store/open.ts'

const usage = `npm run hub -- [serve] [options]        run a hub
npm run hub -- verify [--anchor SEQ:HASH] check the journal's chain
npm run hub -- backup FOLDER              copy the data, while the hub runs, and check the copy
npm run hub -- import FILE                load a site file
npm run hub -- export                     print the directory as a site file
npm run hub -- passwd account|device|source NAME set a password, read from standard input

Where its data is (all commands):
  --data FOLDER              SQLite in this folder (default ./hub-data)
  --database-url-file FILE   PostgreSQL: a file with postgres://user:password@host/name;
                             or set WATCHFLOOR_DATABASE_URL

serve:
  --site FILE                site file, loaded while the journal is empty
  --listen HOST:PORT         default 127.0.0.1:8443
  --cert FILE --key FILE     TLS; needed to listen beyond this machine
  --mqtt-listen HOST:PORT    the embedded broker (default 127.0.0.1:1883)
  --broker mqtts://HOST:PORT another broker instead
  --broker-user NAME --broker-password-file FILE --broker-ca FILE
  --video-address IP[=NAME]  where consoles send and receive pictures, and by which address they
                             reach it if that is another (default: where --listen is)
  --video-port N             of the first video worker, UDP and TCP; the next ones follow (default: any)
  --turn turn:HOST:PORT      a relay for consoles and phones that can't reach the video address
                             (repeat it, or turns: for TLS); --turn-secret-file FILE goes with it
  --turn-secret-file FILE    what the relay shares with the hub (coturn: static-auth-secret)
  --turn-only                nobody tries another way
  --voice-ports FROM-TO      UDP, for telephones and channels that are carried into rooms
                             (default 41000-41999)
  --camera-logins-file FILE  YAML: {source: {user: …, password: …}}
  --name NAME                of this hub among several on one database (default: host and port)
  --metrics-token-file FILE  lets /metrics be read from other machines
  --keep-tracks-days N       default 30

Exit status: 0 done; 1 it could not be done, or the journal is broken; 2 wrong use or a wrong file.
`

const options = {
  data: { type: 'string', default: 'hub-data' },
  'database-url-file': { type: 'string' },
  site: { type: 'string' },
  listen: { type: 'string', default: '127.0.0.1:8443' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'mqtt-listen': { type: 'string', default: '127.0.0.1:1883' },
  broker: { type: 'string' },
  'broker-user': { type: 'string' },
  'broker-password-file': { type: 'string' },
  'broker-ca': { type: 'string' },
  'video-address': { type: 'string', multiple: true },
  'video-port': { type: 'string', default: '0' },
  'voice-ports': { type: 'string', default: '41000-41999' },
  turn: { type: 'string', multiple: true },
  'turn-secret-file': { type: 'string' },
  'turn-only': { type: 'boolean' },
  'camera-logins-file': { type: 'string' },
  name: { type: 'string' },
  'metrics-token-file': { type: 'string' },
  'keep-tracks-days': { type: 'string', default: '30' },
  anchor: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type Flags = ReturnType<typeof readFlags>['values']

const readFlags = (args: string[]) => parseArgs({ args, options, allowPositionals: true, strict: true })

/** Runs the command and gives its exit status. */
async function main(args: string[]): Promise<number> {
  const { values: flags, positionals } = readFlags(args)
  const [command = 'serve', ...rest] = positionals
  if (flags.help === true) return say(usage)
  switch (command) {
    case 'serve':
      return serveHub(flags)
    case 'verify':
      return withStore(existing(flags), (database) => verify(database, flags.anchor))
    case 'backup':
      return backUp(existing(flags), rest)
    case 'import': {
      const [file] = rest
      if (file === undefined) throw new ConfigError('import wants the name of a site file')
      const document = await readSiteFile(file)
      return withJournal(flags, async (database, journal) => {
        const { changes } = await loadSite(database, journal, document)
        return say(`${changes} changes\n`)
      })
    }
    case 'export':
      return withJournal(existing(flags), async (_database, journal) => {
        const site = exportSite(journal.state)
        if (site === undefined) throw new ConfigError('there is no site in this database yet')
        return say(writeSite(site))
      })
    case 'passwd':
      return withJournal(existing(flags), (database, journal) => passwd(database, journal, rest))
    default:
      throw new ConfigError(`there is no command "${command}"\n\n${usage}`)
  }
}

async function serveHub(flags: Flags): Promise<number> {
  const log = pino({ base: null })
  const config = configOf(flags)
  if (config.tls === undefined) {
    const open = [
      ['--listen', config.listen] as const,
      ...(config.broker.kind === 'embedded' ? [['--mqtt-listen', config.broker.listen] as const] : []),
    ].find(([, { host }]) => !isLoopback(host))
    if (open !== undefined)
      throw new ConfigError(
        `${open[0]} ${flags[open[0] === '--listen' ? 'listen' : 'mqtt-listen']} reaches beyond this machine: give --cert and --key as well`,
      )
  }
  const { promise: over, resolve: end } = Promise.withResolvers<number>()
  const hub = await startHub(config, {
    log,
    onFailure: (error) => {
      log.fatal({ error: error.message }, 'the hub stops: its journal can not be trusted')
      end(1)
    },
  })
  log.info({ url: hub.url, mqtt: hub.mqtt, seq: hub.journal.seq }, 'listening')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(0))
  const status = await over
  await hub.close()
  return status
}

function configOf(flags: Flags): HubConfig {
  const secret = (flag: 'broker-password-file' | 'metrics-token-file' | 'broker-ca' | 'cert' | 'key') => {
    const file = flags[flag]
    return file === undefined ? undefined : readNamed(`--${flag}`, file).trim()
  }
  const cert = secret('cert')
  const key = secret('key')
  if ((cert === undefined) !== (key === undefined)) throw new ConfigError('--cert and --key go together')
  if (cert !== undefined) checkCertificate(cert, key)
  const parsed = hubConfigSchema.safeParse({
    listen: parseListen(flags.listen, '--listen'),
    tls: cert === undefined ? undefined : { cert, key },
    store: storeOf(flags),
    broker:
      flags.broker === undefined
        ? { kind: 'embedded', listen: parseListen(flags['mqtt-listen'], '--mqtt-listen') }
        : {
            kind: 'external',
            url: flags.broker,
            username: flags['broker-user'],
            password: secret('broker-password-file'),
            ca: secret('broker-ca'),
          },
    site: flags.site === undefined ? undefined : { file: flags.site, import: 'if-empty' },
    name: flags.name ?? nameOf(flags),
    video: videoOf(flags),
    metricsToken: secret('metrics-token-file'),
    keepTracksDays: Number(flags['keep-tracks-days']),
  })
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
  )
}

/** A folder has one hub, a database perhaps several. */
const nameOf = (flags: Flags): string =>
  storeOf(flags).kind === 'sqlite' ? 'hub' : `${hostname()}:${parseListen(flags.listen, '--listen').port}`

/** Undefined where there is no video worker: `npm run hub` sees to one. */
function videoOf(flags: Flags): object | undefined {
  const worker = process.env.MEDIASOUP_WORKER_BIN
  if (worker === undefined) return undefined
  const file = flags['camera-logins-file']
  return {
    worker,
    listen: (flags['video-address'] ?? addressesOf(parseListen(flags.listen, '--listen').host)).map(
      (address) => {
        const [ip, announced] = address.split('=')
        return { ip, ...(announced !== undefined && { announced }) }
      },
    ),
    port: Number(flags['video-port']),
    voicePorts: flags['voice-ports'].split('-').map(Number),
    ...turnOf(flags),
    ...(file !== undefined && { cameras: parse(readNamed('--camera-logins-file', file)) ?? {} }),
  }
}

function turnOf(flags: Flags): object {
  const { turn: urls } = flags
  const file = flags['turn-secret-file']
  if (urls === undefined && file === undefined) return {}
  if (urls === undefined || file === undefined)
    throw new ConfigError('--turn and --turn-secret-file go together')
  const secret = readNamed('--turn-secret-file', file).trim()
  return { turn: { urls, secret, only: flags['turn-only'] ?? false } }
}

/** The addresses by which whoever reaches this host does so. */
function addressesOf(host: string): string[] {
  if (host === 'localhost') return ['127.0.0.1']
  if (host !== '0.0.0.0' && host !== '::') return [host]
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
}

function checkCertificate(cert: string, key: string | undefined): void {
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    const why = error instanceof Error ? error.message : error
    throw new ConfigError(`--cert and --key are not a certificate and its private key, in PEM: ${why}`)
  }
}

/** Nobody verifies or exports a journal that was never written: the folder is misspelt. */
function existing(flags: Flags): Flags {
  const store = storeOf(flags)
  if (store.kind === 'sqlite' && !existsSync(sqliteFile(store.folder)))
    throw new ConfigError(`--data ${store.folder}: there is no hub's data in this folder`)
  return flags
}

function storeOf(flags: Flags): HubConfig['store'] {
  const file = flags['database-url-file']
  const url =
    file === undefined ? process.env.WATCHFLOOR_DATABASE_URL : readNamed('--database-url-file', file).trim()
  return url === undefined ? { kind: 'sqlite', folder: flags.data } : { kind: 'postgres', url }
}

async function withStore(flags: Flags, work: (database: Database) => Promise<number>): Promise<number> {
  const database = await openHubStore(storeOf(flags))
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

const withJournal = (
  flags: Flags,
  work: (database: Database, journal: Journal) => Promise<number>,
): Promise<number> =>
  withStore(flags, async (database) => {
    const journal = await openJournal({ database, clock: Date.now, onDamage: () => undefined })
    try {
      return await work(database, journal)
    } finally {
      await journal.close()
    }
  })

async function verify(database: Database, anchor: string | undefined): Promise<number> {
  const noted = anchor === undefined ? undefined : /^(\d+):([0-9a-f]{64})$/.exec(anchor)
  if (noted === null) throw new ConfigError('--anchor wants SEQ:HASH, as an earlier verify printed it')
  const verdict = await verifyJournal(database, noted && { seq: Number(noted[1]), hash: noted[2] ?? '' })
  if (verdict.kind === 'whole')
    return say(`whole: ${verdict.head.seq} events\nanchor ${verdict.head.seq}:${verdict.head.hash}\n`)
  process.stderr.write(`broken: ${verdict.why}\nwhole up to event ${verdict.after.seq}\n`)
  return 1
}

async function backUp(flags: Flags, [to]: string[]): Promise<number> {
  const store = storeOf(flags)
  if (store.kind === 'postgres') throw new ConfigError('PostgreSQL is backed up with pg_dump')
  if (to === undefined) throw new ConfigError('backup wants the name of a folder, which is made')
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new ConfigError(`${to} is not empty: a backup never takes the place of another`)
  await backUpSqlite(store.folder, to)
  return withStore({ ...flags, data: to }, (database) => verify(database, undefined))
}

async function passwd(database: Database, journal: Journal, [kind, name]: string[]): Promise<number> {
  const { access, directory, video } = journal.state
  if (kind !== 'account' && kind !== 'device' && kind !== 'source')
    throw new ConfigError('passwd wants: account NAME, device NAME, or source NAME')
  const known = { account: access.accounts, device: directory.devices, source: video.sources }[kind]
  if (name === undefined || !Object.hasOwn(known, name))
    throw new ConfigError(`there is no ${kind} called "${name ?? ''}"`)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  const password = Buffer.concat(chunks)
    .toString()
    .replace(/\r?\n$/, '')
  if (password.length < 8 || password.length > 200)
    throw new ConfigError('a password has 8 to 200 characters')
  await setPassword(database, journal, kind, name, password)
  return say(`password of ${kind} ${name} set\n`)
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    const misused =
      error instanceof ConfigError ||
      error instanceof SiteFileError ||
      (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    const expected =
      misused ||
      error instanceof JournalDamage ||
      error instanceof StoreFailure ||
      error?.syscall !== undefined
    process.stderr.write(`${expected ? error.message : (error?.stack ?? error)}\n`)
    process.exitCode = misused ? 2 : 1
  },
)
