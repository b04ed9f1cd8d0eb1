/** The order of events around quitting (electronjs.org/docs/latest/api/app). */
import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { Life } from './life.ts'

let app: EventEmitter
let life: Life
let happened: unknown[]

beforeEach(() => {
  app = new EventEmitter()
  life = new Life(app)
  happened = []
  life.end = (code) => happened.push(`ended ${code}`)
  for (const name of ['ready', 'before-quit', 'will-quit']) app.on(name, () => happened.push(name))
  app.on('quit', (_event, code) => happened.push(`quit ${code}`))
})

/** A window that closes when asked, unless it says no. */
function openWindow(name: string, { says = 'yes' } = {}) {
  const window = {
    says,
    close: () => {
      happened.push(`close ${name}`)
      if (window.says === 'yes') window.destroy()
      else life.closeCancelled()
    },
    destroy: () => {
      happened.push(`closed ${name}`)
      life.windowClosed(window)
    },
  }
  life.windowOpened(window)
  return window
}

const orderly = [
  'before-quit',
  'close a',
  'closed a',
  'close b',
  'closed b',
  'will-quit',
  'quit 0',
  'ended 0',
]

describe('quitting', () => {
  it('asks the app, closes the windows, asks again, and ends', () => {
    openWindow('a')
    openWindow('b')
    life.quit()
    expect(happened).toEqual(orderly)
  })

  it('happens once, however often it is asked for', () => {
    openWindow('a')
    openWindow('b')
    app.once('before-quit', () => life.quit())
    app.once('will-quit', () => life.quit())
    life.quit()
    life.quit()
    expect(happened.filter((event) => event === 'will-quit' || event === 'ended 0')).toEqual([
      'will-quit',
      'ended 0',
    ])
  })

  it('can be put off by the app, and goes through when asked again', () => {
    openWindow('a')
    openWindow('b')
    app.once('before-quit', (event) => event.preventDefault())
    life.quit()
    expect(happened).toEqual(['before-quit'])
    happened.length = 0
    life.quit()
    expect(happened).toEqual(orderly)
  })

  it('is off when a window does not close, and on again when asked again', () => {
    const stubborn = openWindow('a', { says: 'no' })
    life.quit()
    expect(happened).toEqual(['before-quit', 'close a'])
    stubborn.says = 'yes'
    life.quit()
    expect(happened.slice(2)).toEqual([
      'before-quit',
      'close a',
      'closed a',
      'will-quit',
      'quit 0',
      'ended 0',
    ])
  })

  it('can be put off after the windows have closed', () => {
    openWindow('a')
    app.once('will-quit', (event) => event.preventDefault())
    life.quit()
    expect(happened).toEqual(['before-quit', 'close a', 'closed a', 'will-quit'])
    life.quit()
    expect(happened.slice(4)).toEqual(['before-quit', 'will-quit', 'quit 0', 'ended 0'])
  })

  it('before the app is ready means that it never is', () => {
    life.quit()
    life.becomeReady()
    expect(happened).toEqual(['before-quit', 'will-quit', 'quit 0', 'ended 0'])
  })

  it('after something failed says so with its code', () => {
    life.fail()
    life.quit()
    expect(happened.at(-1)).toBe('ended 1')
  })
})

describe('exiting', () => {
  it('asks nobody', () => {
    openWindow('a', { says: 'no' })
    life.exit(3)
    expect(happened).toEqual(['closed a', 'quit 3', 'ended 3'])
  })
})

describe('the last window', () => {
  it('takes the app along when the app does not listen for it', () => {
    openWindow('a').close()
    expect(happened).toEqual(['close a', 'closed a', 'before-quit', 'will-quit', 'quit 0', 'ended 0'])
  })

  it('leaves it to an app that listens', () => {
    app.on('window-all-closed', () => happened.push('window-all-closed'))
    const [first, second] = [openWindow('a'), openWindow('b')]
    first.close()
    second.close()
    expect(happened).toEqual(['close a', 'closed a', 'close b', 'closed b', 'window-all-closed'])
  })

  it('is not announced while the app quits', () => {
    app.on('window-all-closed', () => happened.push('window-all-closed'))
    openWindow('a')
    life.quit()
    expect(happened).not.toContain('window-all-closed')
  })
})

describe('being ready', () => {
  it('is told once, and known from then on', async () => {
    expect(life.isReady).toBe(false)
    life.becomeReady()
    await life.ready
    expect([life.isReady, happened]).toEqual([true, ['ready']])
  })
})
