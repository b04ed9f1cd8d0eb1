/** The officer's sound on a real sound system, whose devices are unplugged in a call and plugged in again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endings } from '../support/at-end.ts'
import { type Pulse, startPulse } from '../support/pulse.ts'
import { openConsole, signInAs, type TestConsole } from './console.ts'

const { atEnd, run } = endings()
let pulse: Pulse
let console: TestConsole
beforeAll(async () => {
  pulse = await startPulse(atEnd)
  await pulse.plugIn('speaker')
  await pulse.plugIn('headset')
  await pulse.plugIn('room')
  await pulse.plugInMicrophone('boom', 'room')
  process.env.PULSE_SERVER = pulse.server
  process.env.WATCHFLOOR_SOUND = 'system'
  console = await openConsole()
  atEnd(console.close)
  await signInAs(console.page, 'duty-1')
  await console.page.locator('[data-line="line-duty-1"][data-state="registered"]').waitFor()
})
afterAll(async () => {
  delete process.env.PULSE_SERVER
  delete process.env.WATCHFLOOR_SOUND
  await run()
})

const bar = () => console.page.getByRole('region', { name: '电话' })
/** Phones pause between two sentences. */
const isHeardOn = (sink: string) =>
  expect.poll(() => pulse.loudness(sink), { timeout: 30_000 }).toBeGreaterThan(0.02)

describe('on a real sound system', () => {
  it('a conversation is heard on the chosen headset', async () => {
    const { page } = console
    await page.getByRole('button', { name: '声音' }).click()
    const settings = page.getByRole('region', { name: '声音' })
    await settings.getByLabel('通话耳机', { exact: true }).selectOption({ label: 'headset' })
    await settings.getByLabel('麦克风', { exact: true }).selectOption({ label: 'boom' })
    await expect.poll(() => console.keptSettings().audio.microphone?.label).toBe('boom')
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: '号码', exact: true }).fill('60001')
    await page.keyboard.press('Enter')
    await bar().locator('[data-call][data-state="talking"]').waitFor()
    await isHeardOn('headset')
  })

  it('it goes on through the system’s default when the headset is unplugged, and goes back to it', async () => {
    await pulse.unplug('headset')
    await bar().locator('[data-instead="headset"]').waitFor()
    await isHeardOn('speaker')
    await pulse.plugIn('headset')
    // Heard there it is not at once: Chromium keeps the stream to a device for seconds, and PulseAudio has moved it.
    await bar().locator('[data-instead="headset"]').waitFor({ state: 'detached' })
  })

  it('the officer learns that nobody hears, until there is a microphone again', async () => {
    await pulse.unplug('boom')
    await bar().getByRole('alert').getByText('对方听不到您').waitFor()
    await pulse.plugInMicrophone('boom', 'room')
    await bar().getByRole('alert').waitFor({ state: 'detached' })
  })
})
