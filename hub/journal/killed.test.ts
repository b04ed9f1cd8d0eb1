import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { killing } from '../../tests/support/killing.ts'

const KILLS = 200

describe('a journal whose hub is killed', () => {
  it('two hundred times at any moment has every acknowledged event, each once, in a whole chain', async () => {
    const folder = temporaryFolder(onTestFinished)
    const { round, acknowledged } = killing(
      onTestFinished,
      { kind: 'sqlite', folder },
      temporaryFolder(onTestFinished),
    )
    let killedWhileOpening = 0
    for (let kill = 0; kill < KILLS; kill++)
      await round(async (appender) => {
        // One in ten dies while it opens the journal, the others while they append.
        if (kill % 10 !== 9) await appender.opened()
        else killedWhileOpening++
        await new Promise((resolve) => setTimeout(resolve, Math.random() * (kill % 10 === 9 ? 60 : 40)))
        await appender.kill('SIGKILL')
      })
    expect(killedWhileOpening).toBe(KILLS / 10)
    expect(acknowledged.size).toBeGreaterThan(KILLS)
  }, 300_000)
})
