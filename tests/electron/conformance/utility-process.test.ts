/** utilityProcess and parentPort (electronjs.org/docs/latest/api/utility-process). */
import type { ForkOptions } from 'electron'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFixture } from '../fixture.ts'
import { isRunning } from '../processes.ts'
import type { Shell } from '../shell.ts'

let shell: Shell

beforeAll(async () => {
  shell = await openFixture()
})
afterAll(() => shell?.[Symbol.asyncDispose]())

/** Forks the fixture's utility process, gives it the orders, and tells all that happened until it ended. */
const lifeOf = (orders: readonly object[], options: ForkOptions = {}, args: readonly string[] = []) =>
  shell.inMain(
    ({ utilityProcess }, told, forked, argv) =>
      new Promise<unknown[]>((resolve) => {
        const child = utilityProcess.fork(`${fixture.folder}/utility.js`, [...argv], forked)
        const happened: unknown[] = [{ pid: child.pid }]
        for (const stream of [child.stdout, child.stderr])
          stream?.on('data', (chunk) => happened.push({ printed: String(chunk) }))
        child.on('spawn', () => happened.push('spawn', typeof child.pid))
        child.on('message', (message) => happened.push({ message }))
        child.on('exit', (code) => {
          happened.push({ exit: code, pid: child.pid })
          resolve(happened)
        })
        for (const order of told) child.postMessage(order)
      }),
    orders,
    options,
    args,
  )

const began = [{}, 'spawn', 'number']

describe('a utility process', () => {
  it('has a pid from its spawn to its exit, and hears what was sent before it ran', async () => {
    expect(
      await lifeOf([
        { do: 'echo', value: 'first' },
        { do: 'echo', value: 'second' },
        { do: 'exit', code: 0 },
      ]),
    ).toEqual([...began, { message: 'first' }, { message: 'second' }, { exit: 0 }])
  })

  it('tells with which code it ended', async () => {
    expect((await lifeOf([{ do: 'exit', code: 7 }])).at(-1)).toEqual({ exit: 7 })
    expect((await lifeOf([{ do: 'throw' }], { stdio: 'ignore' })).at(-1)).toEqual({ exit: 1 })
  })

  it('lets nothing be lost that it sent just before it ended', async () => {
    const many = Array.from({ length: 50 }, (_, value) => ({ do: 'echo', value }))
    const life = await lifeOf([...many, { do: 'exit', code: 0 }])
    expect(life.slice(began.length)).toEqual([...many.map(({ value }) => ({ message: value })), { exit: 0 }])
  })

  it('ends by itself when it has nothing left to wait for', async () => {
    expect(await lifeOf([], {}, ['idle'])).toEqual([...began, { exit: 0 }])
    expect((await lifeOf([{ do: 'leave' }])).at(-1)).toEqual({ exit: 0 })
  })

  it('keeps messages for a listener that comes late', async () => {
    const life = await lifeOf(
      [
        { do: 'echo', value: 'kept' },
        { do: 'exit', code: 0 },
      ],
      {},
      ['late'],
    )
    expect(life).toEqual([...began, { message: 'kept' }, { exit: 0 }])
  })

  it('has the arguments, environment and folder it was given, and only those', async () => {
    const [, , , about] = await lifeOf(
      [{ do: 'about' }, { do: 'exit', code: 0 }],
      { env: { MARK: 'yes' }, cwd: '/' },
      ['--one', 'two'],
    )
    expect(about).toEqual({ message: { argv: ['--one', 'two'], cwd: '/', mark: 'yes', type: 'utility' } })
  })

  it('prints into pipes where that was asked for', async () => {
    const life = await lifeOf(
      [
        { do: 'print', value: 'hello' },
        { do: 'exit', code: 0 },
      ],
      { stdio: 'pipe' },
    )
    expect(life).toEqual(expect.arrayContaining([{ printed: 'hello\n' }, { printed: 'hello!\n' }]))
  })

  it('prints where main prints, without pipes, otherwise', async () => {
    expect(
      await shell.inMain(
        ({ utilityProcess }) =>
          new Promise((resolve) => {
            const child = utilityProcess.fork(`${fixture.folder}/utility.js`)
            child.postMessage({ do: 'print', value: 'from the utility process' })
            child.postMessage({ do: 'exit', code: 0 })
            child.on('exit', () => resolve([child.stdout, child.stderr]))
          }),
      ),
    ).toEqual([null, null])
    await expect.poll(() => shell.printed()).toContain('from the utility process!')
  })
})

describe('ending a utility process', () => {
  /** Starts one that answers, ends it as told, and tells the code and what the app was told of it. */
  const endedBy = (how: string, orders: readonly object[] = []) =>
    shell.inMain(
      ({ utilityProcess, app }, way, told) =>
        new Promise<unknown>((resolve) => {
          const child = utilityProcess.fork(`${fixture.folder}/utility.js`, [], { serviceName: 'Watched' })
          const beforeSpawn = child.kill()
          let gone: unknown
          app.once('child-process-gone', (_event, details) => {
            gone = details
          })
          for (const order of told) child.postMessage(order)
          child.postMessage({ do: 'echo', value: 'ready' })
          child.on('message', (message) => {
            if (message !== 'ready') return
            if (way === 'kill') child.kill()
            else if (child.pid !== undefined) process.kill(child.pid, way)
          })
          child.on('exit', (code) => {
            app.removeAllListeners('child-process-gone')
            resolve({ code, gone, beforeSpawn, afterwards: child.kill() })
          })
        }),
      how,
      orders,
    )

  it('by its own parent is a proper end', async () => {
    expect(await endedBy('kill')).toMatchObject({ code: 0, beforeSpawn: false, afterwards: false })
  })

  it('by its own parent works even if it does not listen', async () => {
    expect(await endedBy('kill', [{ do: 'deaf' }])).toMatchObject({ code: 0 })
  })

  it('by somebody else is told with the signal’s number, and to the app', async () => {
    expect(await endedBy('SIGKILL')).toMatchObject({
      code: 9,
      gone: { type: 'Utility', reason: 'killed', exitCode: 9, name: 'Watched' },
    })
    expect(await endedBy('SIGABRT')).toMatchObject({ code: 6, gone: { reason: 'crashed' } })
  })
})

describe('when main ends, a utility process', () => {
  it.each([
    ['quits', 'SIGTERM'],
    ['is killed', 'SIGKILL'],
  ] as const)('ends too: main %s', async (_how, signal) => {
    await using other = await openFixture()
    const pid = await other.inMain(
      ({ utilityProcess }) =>
        new Promise<number | undefined>((resolve) => {
          const child = utilityProcess.fork(`${fixture.folder}/utility.js`)
          child.postMessage({ do: 'deaf' })
          child.on('message', () => resolve(child.pid))
        }),
    )
    process.kill(other.pid, signal)
    await other.ended
    await expect.poll(() => isRunning(pid ?? 0)).toBe(false)
  })
})

describe('what the stand-in has not', () => {
  it('is refused by name', async () => {
    const why = await shell.inMain(({ utilityProcess }) =>
      [
        { execArgv: ['--x'] },
        { stdio: ['ignore', 'pipe', 'pipe'] },
        { allowLoadingUnsignedLibraries: true },
      ].map((options) => {
        try {
          utilityProcess.fork(`${fixture.folder}/utility.js`, ['idle'], options as ForkOptions)
          return 'forked'
        } catch (error) {
          return (error as Error).message
        }
      }),
    )
    expect(why).toEqual([
      'the stand-in for Electron has no option execArgv of utilityProcess.fork',
      'the stand-in for Electron has no list for stdio of utilityProcess.fork',
      'the stand-in for Electron has no option allowLoadingUnsignedLibraries of utilityProcess.fork',
    ])
  })
})
