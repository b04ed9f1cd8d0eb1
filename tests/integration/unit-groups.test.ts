/** Groups of units at a hub, as a seat and a phone in the field on its wire use them. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { startTestHub } from '../support/hub.ts'
import { cityWithCrews } from '../support/incidents.ts'
import { refusalOf, takeSeat } from '../support/seat.ts'

const form = (group: string, units: string[]): Command => ({
  kind: 'group.form',
  thread: { kind: 'group', group },
  name: '夜巡组',
  units,
})

describe('a group of units at a hub', () => {
  it('comes to those who see it as it is formed, and goes from them as it is dissolved', async () => {
    const hub = await startTestHub(onTestFinished, { site: cityWithCrews })
    const [supervisor, officer] = await Promise.all(
      ['supervisor', 'north-officer'].map((account) => takeSeat(onTestFinished, hub.url, account)),
    )
    if (supervisor === undefined || officer === undefined) throw new Error('they sit there')
    const views = [supervisor, officer].map((seat) => seat.watchState())
    await expect.poll(() => views.every((view) => view.state() !== undefined)).toBe(true)
    const groups = () => views.map((view) => Object.keys(view.state()?.threads ?? {}).length)
    const does = (command: Command) => supervisor.client.submit.mutate({ key: randomUUID(), command })
    const group = randomUUID()
    await does(form(group, ['north-patrol', 'south-engine']))
    await does({ kind: 'unit.set-state', unit: 'north-patrol', state: 'busy' })
    await expect
      .poll(() => views.map((view) => view.state()?.directory.units['north-patrol']?.state))
      .toEqual(['busy', 'busy'])
    expect(groups()).toEqual([1, 0])
    await does({ kind: 'group.dissolve', thread: { kind: 'group', group } })
    await expect.poll(groups).toEqual([0, 0])
  })

  it('is none again once something was said there: that is not for others to read', async () => {
    const hub = await startTestHub(onTestFinished, { site: cityWithCrews })
    const { client } = await takeSeat(onTestFinished, hub.url, 'supervisor')
    const does = (command: Command) => client.submit.mutate({ key: randomUUID(), command })
    const group = randomUUID()
    const thread = { kind: 'group', group } as const
    await does(form(group, ['north-patrol', 'south-engine']))
    await does({ kind: 'message.send', id: randomUUID(), thread, text: '集合', place: null })
    await does({ kind: 'group.dissolve', thread })
    expect(await refusalOf(does(form(group, ['north-patrol', 'south-patrol'])))).toMatchObject({
      code: 'conflict',
    })
    await does(form(randomUUID(), ['north-patrol', 'south-patrol']))
  })
})
