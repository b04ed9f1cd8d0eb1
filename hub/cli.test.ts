import { randomUUID } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { makeAuthority } from '../tests/support/certificates.ts'
import { temporaryFolder } from '../tests/support/folder.ts'
import { startHubCommand, startHubProgram, startTestHub, writeSiteFile } from '../tests/support/hub.ts'
import { openSeat, refusalOf, signIn, takeSeat } from '../tests/support/seat.ts'
import { siteText, smallCity, smallCityWith } from '../tests/support/site.ts'
import { openHubStore } from './store/open.ts'

/** Runs a command to its end. */
async function run(args: readonly string[], input = '') {
  const program = startHubCommand(onTestFinished, args)
  program.process.stdin?.end(input)
  return { status: await program.ended, said: program.said() }
}

const folder = () => temporaryFolder(onTestFinished)

describe('npm run hub', () => {
  it('serves a site until it is told to stop, and has it again the next time', async () => {
    const data = folder()
    const site = writeSiteFile(data)
    const hub = await startHubProgram(onTestFinished, ['--data', data, '--site', site])
    const seat = await takeSeat(onTestFinished, hub.url, 'supervisor')
    const watching = seat.watchState()
    await vi.waitFor(() => expect(Object.keys(watching.state()?.directory.units ?? {})).toHaveLength(4))
    await hub.kill('SIGTERM')
    expect(await hub.ended).toBe(0)

    writeFileSync(site, 'half an edit: [')
    const again = await startHubProgram(onTestFinished, ['--data', data, '--site', site])
    expect(again.said()).toContain('the site file is not used')
    await signIn(onTestFinished, again.url, 'supervisor')
    await again.kill('SIGINT')
    expect(await again.ended).toBe(0)
  })

  it('serves with TLS from files, to those who know the authority', async () => {
    const data = folder()
    const authority = await makeAuthority(data)
    const { certFile, keyFile } = await authority.issue('hub')
    const hub = await startHubProgram(onTestFinished, [
      ...['--data', data, '--site', writeSiteFile(data)],
      ...['--cert', certFile, '--key', keyFile],
    ])
    expect(hub.url).toMatch(/^wss:/)
    const { account } = await signIn(onTestFinished, hub.url, 'supervisor', { ca: authority.cert })
    expect(account.id).toBe('supervisor')
    const stranger = openSeat(onTestFinished, hub.url, { ca: (await makeAuthority(data, 'other')).cert })
    const unanswered = stranger.client.hello.query({ contract: 1 })
    await vi.waitFor(() =>
      expect(stranger.troubles[0]?.code).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY|SIGNATURE/),
    )
    stranger.close()
    await expect(unanswered).rejects.toThrow()
  })

  it('does not begin with a site file that has a fault: it names it, and loads nothing of it', async () => {
    const data = folder()
    const site = join(data, 'site.yaml')
    writeFileSync(site, siteText().replace('area: south', 'area: west'))
    const { status, said } = await run(['serve', '--data', data, '--site', site, '--listen', '127.0.0.1:0'])
    expect(status).toBe(2)
    expect(said).toMatch(/site\.yaml:\d+:\d+ units\[2\]\.area: no area is called west/)
    expect(await run(['export', '--data', data])).toEqual({
      status: 2,
      said: 'there is no site in this database yet\n',
    })
  })
})

describe('npm run hub -- verify', () => {
  it('tells that a journal is whole, and gives what to note down', async () => {
    const { data, events } = await filled()
    const { status, said } = await run(['verify', '--data', data])
    expect(status).toBe(0)
    expect(said).toMatch(new RegExp(`^whole: ${events} events\nanchor ${events}:[0-9a-f]{64}\n$`))
    const anchor = said.match(/anchor (.*)\n/)?.[1] ?? ''
    expect((await run(['verify', '--data', data, '--anchor', anchor])).status).toBe(0)
    const wrong = anchor.replace(/[0-9a-f]{4}$/, '0000')
    expect(await run(['verify', '--data', data, '--anchor', wrong])).toMatchObject({
      status: 1,
      said: expect.stringContaining('is not the one noted down'),
    })
  })

  it('tells where a journal was changed; no hub serves it then', async () => {
    const { data } = await filled()
    await change(data, `UPDATE journal SET data = '{}' WHERE seq = 3`)
    expect(await run(['verify', '--data', data])).toEqual({
      status: 1,
      said: 'broken: event 3 was changed: its contents do not have its hash\nwhole up to event 2\n',
    })
    await change(data, 'DELETE FROM snapshot')
    expect(await run(['serve', '--data', data, '--listen', '127.0.0.1:0'])).toEqual({
      status: 1,
      said: 'event 3 was changed: its contents do not have its hash\n',
    })
  })
})

describe('npm run hub -- backup', () => {
  it('copies what a hub has acknowledged while it runs, to where another hub goes on from', async () => {
    const hub = await startTestHub(onTestFinished)
    const seat = await takeSeat(onTestFinished, hub.url, 'supervisor')
    const busy = { kind: 'unit.set-state', unit: 'north-patrol', state: 'busy' } as const
    await seat.client.submit.mutate({ key: randomUUID(), command: busy })
    const { seq } = hub.journal
    const copy = join(folder(), 'copy')
    const { status, said } = await run(['backup', copy, '--data', hub.folder])
    expect(said).toMatch(new RegExp(`^whole: ${seq} events\nanchor ${seq}:[0-9a-f]{64}\n$`))
    expect(status).toBe(0)
    expect(statSync(copy).mode & 0o777).toBe(0o700)
    expect(statSync(join(copy, 'hub.db')).mode & 0o777).toBe(0o600)

    const restored = await startTestHub(onTestFinished, { folder: copy })
    expect(restored.journal.state.directory.units['north-patrol']?.state).toBe('busy')
    await signIn(onTestFinished, restored.url, 'supervisor')
  })

  it('never takes the place of another backup', async () => {
    const { data } = await filled()
    const copy = folder()
    writeFileSync(join(copy, 'hub.db'), 'of yesterday')
    expect(await run(['backup', copy, '--data', data])).toMatchObject({
      status: 2,
      said: expect.stringContaining('is not empty'),
    })
    expect(readFileSync(join(copy, 'hub.db'), 'utf8')).toBe('of yesterday')
  })
})

describe('npm run hub -- import and export', () => {
  it('load a site and give it back, so that the next import changes nothing', async () => {
    const data = folder()
    const first = await run(['import', writeSiteFile(data), '--data', data])
    expect(first).toEqual({ status: 0, said: expect.stringMatching(/^\d+ changes\n$/) })
    expect(await run(['import', writeSiteFile(data), '--data', data])).toEqual({
      status: 0,
      said: '0 changes\n',
    })
    const exported = await run(['export', '--data', data])
    expect(exported.status).toBe(0)
    const file = join(data, 'exported.yaml')
    writeFileSync(file, exported.said)
    expect(await run(['import', file, '--data', data])).toEqual({ status: 0, said: '0 changes\n' })
    expect(readFileSync(file, 'utf8')).not.toContain('password')
  })

  it('change the site under a hub that is running, and its seats see it', async () => {
    const hub = await startTestHub(onTestFinished)
    const seat = await takeSeat(onTestFinished, hub.url, 'supervisor')
    const watching = seat.watchState()
    await vi.waitFor(() => expect(watching.state()).toBeDefined())
    const [north, ...others] = smallCity.units
    const units = [{ ...north, name: { zh: '北区一号', en: 'North one' } }, ...others]
    const file = writeSiteFile(folder(), smallCityWith({ units }))
    expect(await run(['import', file, '--data', hub.folder])).toEqual({ status: 0, said: '1 changes\n' })
    await vi.waitFor(
      () => expect(watching.state()?.directory.units['north-patrol']?.name.en).toBe('North one'),
      { timeout: 5_000 },
    )
    expect(watching.errors).toEqual([])
  })

  it('load nothing of a file that has a fault', async () => {
    const { data, events } = await filled()
    const file = join(data, 'wrong.yaml')
    writeFileSync(file, siteText().replace('kind: fire', 'kind: navy'))
    expect(await run(['import', file, '--data', data])).toMatchObject({
      status: 2,
      said: expect.stringMatching(/wrong\.yaml:\d+:\d+ agencies\[1\]\.kind: Invalid option: expected one of/),
    })
    expect((await run(['verify', '--data', data])).said).toContain(`whole: ${events} events`)
  })
})

describe('npm run hub -- passwd', () => {
  it('sets the password of an account, which a hub that is running takes at once', async () => {
    const hub = await startTestHub(onTestFinished)
    const seat = await takeSeat(onTestFinished, hub.url, 'north-officer')
    await seat.client.positionOf.query({ unit: 'north-patrol' })
    const set = await run(['passwd', 'account', 'north-officer', '--data', hub.folder], 'new password\n')
    expect(set).toEqual({ status: 0, said: 'password of account north-officer set\n' })
    await signIn(onTestFinished, hub.url, 'north-officer', { password: 'new password' })
    expect((await refusalOf(signIn(onTestFinished, hub.url, 'north-officer'))).code).toBe('wrong-password')
    await vi.waitFor(() => expect(seat.closings).not.toEqual([]), { timeout: 5_000 })
  })

  it('refuses what is no password, no account and no device', async () => {
    const { data } = await filled()
    const passwd = (...args: string[]) => run(['passwd', ...args, '--data', data], 'short\n')
    expect(await passwd('account', 'admin')).toEqual({
      status: 2,
      said: 'a password has 8 to 200 characters\n',
    })
    expect(await passwd('account', 'nobody')).toEqual({
      status: 2,
      said: 'there is no account called "nobody"\n',
    })
    expect(await passwd('account', 'toString')).toMatchObject({ status: 2 })
    expect(await passwd('device', 'admin')).toMatchObject({ status: 2 })
    expect(await passwd('unit', 'north-patrol')).toEqual({
      status: 2,
      said: 'passwd wants: account NAME, device NAME, or source NAME\n',
    })
    expect(await passwd('account')).toMatchObject({ status: 2 })
  })
})

describe('npm run hub, wrongly called, says what is wrong and ends with status 2', () => {
  const misspelt = join('nowhere', 'at-all')
  const wrong: readonly (readonly [args: string[], said: string])[] = [
    [['dance'], 'there is no command "dance"'],
    [['--colour', 'red'], "Unknown option '--colour'"],
    [['--listen', '8443'], '--listen wants host:port'],
    [['--listen', '127.0.0.1:70000'], '--listen wants host:port'],
    [['--listen', '0.0.0.0:0'], '--listen 0.0.0.0:0 reaches beyond this machine'],
    [['--mqtt-listen', ':1883'], '--mqtt-listen :1883 reaches beyond this machine'],
    [['--cert', 'cert.pem'], '--cert: cert.pem can'],
    [['--broker', 'http://broker'], 'broker.url'],
    [['--keep-tracks-days', 'many'], 'keepTracksDays'],
    [['--database-url-file', 'none'], '--database-url-file: none can'],
    [['import'], 'import wants the name of a site file'],
    [['import', 'none.yaml'], 'none.yaml:0:0 file: there is no such file'],
    [['verify', '--anchor', 'here'], '--anchor wants SEQ:HASH'],
    [['verify', '--data', misspelt], "there is no hub's data in this folder"],
    [['export', '--data', misspelt], "there is no hub's data in this folder"],
    [['passwd', 'account', 'admin', '--data', misspelt], "there is no hub's data in this folder"],
  ]
  it('for each wrong way', async () => {
    const { data } = await filled()
    const told = await Promise.all(
      wrong.map(async ([args]) => run(args.includes('--data') ? args : [...args, '--data', data])),
    )
    expect(told).toEqual(wrong.map(([, said]) => ({ status: 2, said: expect.stringContaining(said) })))
    for (const { said } of told) expect(said).not.toMatch(/^\s+at /m)
  })

  it('also for a certificate that is none', async () => {
    const data = folder()
    const file = join(data, 'cert.pem')
    writeFileSync(file, 'not a certificate')
    expect(await run(['--cert', file, '--key', file, '--data', data])).toMatchObject({
      status: 2,
      said: expect.stringContaining('--cert and --key are not a certificate and its private key'),
    })
  })

  it('and tells how it is called when asked', async () => {
    const { status, said } = await run(['--help'])
    expect(status).toBe(0)
    for (const word of ['serve', 'verify', 'import', 'export', 'passwd', '--cert', '--broker'])
      expect(said).toContain(word)
  })
})

describe('npm run hub, where it can not do its work, says why and ends with status 1', () => {
  it('on a port that is taken', async () => {
    const hub = await startTestHub(onTestFinished)
    const { port } = new URL(hub.url)
    const { status, said } = await run([
      '--listen',
      `127.0.0.1:${port}`,
      '--mqtt-listen',
      '127.0.0.1:0',
      '--data',
      folder(),
    ])
    expect(status).toBe(1)
    expect(said).toContain(`listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`)
    expect(said).not.toMatch(/^\s+at /m)
  })

  it('without the database it was told of', async () => {
    const file = join(folder(), 'database')
    writeFileSync(file, 'postgres://nobody@127.0.0.1:1/none')
    expect(await run(['verify', '--database-url-file', file])).toEqual({
      status: 1,
      said: 'connect ECONNREFUSED 127.0.0.1:1\n',
    })
  })

  it('in a folder that is a file', async () => {
    const file = join(folder(), 'data')
    writeFileSync(file, '')
    const { status, said } = await run(['--data', file])
    expect(status).toBe(1)
    expect(said).toContain(file)
    expect(said).not.toMatch(/^\s+at /m)
  })
})

/** A data folder with the small city in it. */
async function filled() {
  const data = folder()
  const hub = await startTestHub(onTestFinished, { folder: data })
  const events = hub.journal.seq
  await hub.close()
  return { data, events }
}

async function change(data: string, sql: string) {
  const database = await openHubStore({ kind: 'sqlite', folder: data })
  await database.transact([{ sql, values: [] }])
  await database.close()
}
