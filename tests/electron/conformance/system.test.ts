/** What Electron has of the system: key store, dialogues, screen, power. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFixture } from '../fixture.ts'
import type { Shell } from '../shell.ts'

let shell: Shell

beforeAll(async () => {
  shell = await openFixture({ args: ['--size=1366x768', '--pick=/maps/a.pmtiles', '--pick=/maps/b.geojson'] })
})
afterAll(() => shell?.[Symbol.asyncDispose]())

describe('the key store', () => {
  it('gives back what it encrypted, and nothing of what it did not', async () => {
    const seen = await shell.inMain(({ safeStorage }) => {
      const sealed = safeStorage.encryptString('密码')
      const refuse = (rubbish: Buffer) => {
        try {
          return safeStorage.decryptString(rubbish)
        } catch (error) {
          return (error as Error).message
        }
      }
      return {
        available: safeStorage.isEncryptionAvailable(),
        plain: sealed.includes('密码'),
        same: sealed.equals(safeStorage.encryptString('密码')),
        back: safeStorage.decryptString(sealed),
        cut: refuse(sealed.subarray(0, -1)),
        rubbish: refuse(Buffer.from('rubbish')),
      }
    })
    const refused = 'Error while decrypting the ciphertext provided to safeStorage.decryptString.'
    expect(seen).toEqual({
      available: true,
      plain: false,
      same: false,
      back: '密码',
      cut: refused,
      rubbish: refused,
    })
  })

  it('reads what an earlier run wrote', async () => {
    const sealed = await shell.inMain(({ safeStorage }) =>
      safeStorage.encryptString('kept').toString('base64'),
    )
    await using later = await openFixture()
    const back = await later.inMain(
      ({ safeStorage }, text) => safeStorage.decryptString(Buffer.from(text, 'base64')),
      sealed,
    )
    expect(back).toBe('kept')
  })
})

describe('a dialogue to open a file', () => {
  it('brings what the launcher picked, one after the other, and is cancelled after that', async () => {
    const picked = await shell.inMain(async ({ dialog, BrowserWindow }) => {
      const window = new BrowserWindow()
      const options = { properties: ['openFile'] as 'openFile'[] }
      const answers = []
      for (let time = 0; time < 3; time++) answers.push(await dialog.showOpenDialog(window, options))
      return answers
    })
    expect(picked).toEqual([
      { canceled: false, filePaths: ['/maps/a.pmtiles'] },
      { canceled: false, filePaths: ['/maps/b.geojson'] },
      { canceled: true, filePaths: [] },
    ])
  })
})

describe('the screen', () => {
  it('is one display as large as the launcher said', async () => {
    const bounds = await shell.inMain(({ screen }) =>
      screen.getAllDisplays().map((display) => display.bounds),
    )
    expect(bounds).toEqual([{ x: 0, y: 0, width: 1366, height: 768 }])
  })

  it('is several side by side, where the launcher said so, each with what is mostly on it', async () => {
    await using wide = await openFixture({ args: ['--size=1366x768', '--size=1920x1080'] })
    const told = await wide.inMain(({ screen }) => ({
      bounds: screen.getAllDisplays().map((display) => display.bounds),
      on: [1200, 1300, 5000].map((x) => screen.getDisplayMatching({ x, y: 10, width: 300, height: 300 }).id),
    }))
    expect(told).toEqual({
      bounds: [
        { x: 0, y: 0, width: 1366, height: 768 },
        { x: 1366, y: 0, width: 1920, height: 1080 },
      ],
      on: [1, 2, 1],
    })
  })
})

describe('a power-save blocker', () => {
  it('lasts from its start to its end', async () => {
    const states = await shell.inMain(({ powerSaveBlocker }) => {
      const id = powerSaveBlocker.start('prevent-display-sleep')
      const other = powerSaveBlocker.start('prevent-app-suspension')
      const states = [id === other, powerSaveBlocker.isStarted(id)]
      powerSaveBlocker.stop(id)
      return [...states, powerSaveBlocker.isStarted(id), powerSaveBlocker.isStarted(other)]
    })
    expect(states).toEqual([false, true, false, true])
  })
})
