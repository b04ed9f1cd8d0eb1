/**
 * The officer's audio devices: chosen, tried, kept, and replaced when they are unplugged. The devices are
 * Chromium's simulated ones, which nobody can unplug: they are hidden from the page, and the page is told.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'

let console: TestConsole
beforeAll(async () => {
  console = await openConsole()
  await prepare()
  await signInAs(console.page, 'duty-1')
  await registered()
})
afterAll(() => console?.close())

const prepare = () => console.page.evaluate(simulateUnplugging, [])
const registered = () => console.page.locator('[data-line="line-duty-1"][data-state="registered"]').waitFor()
/** Until only those are plugged in whose labels have none of these in them. */
const unplug = (...labels: string[]) =>
  console.page.evaluate((away) => window.dispatchEvent(new CustomEvent('unplug', { detail: away })), labels)
const settings = () => console.page.getByRole('region', { name: '声音' })
const openSettings = async () => {
  await console.page.getByRole('button', { name: '声音' }).click()
  await settings().waitFor()
}
const closeSettings = async () => {
  // The first may close no more than the number at the slider.
  await expect
    .poll(async () => {
      await console.page.keyboard.press('Escape')
      return settings().count()
    })
    .toBe(0)
}
const choose = (role: string, label: string) =>
  settings().getByLabel(role, { exact: true }).selectOption({ label })
const bar = () => console.page.getByRole('region', { name: '电话' })
const standsIn = (role: string) => bar().locator(`[data-instead="${role}"]`)
const said = (words: string | RegExp) => console.page.locator('.ant-message').getByText(words).first()
const level = (name: string) =>
  console.page
    .getByRole('meter', { name })
    .last()
    .evaluate((meter: HTMLMeterElement) => meter.value)

describe('the officer’s sound', () => {
  it('goes to the system’s devices as long as none was chosen', async () => {
    await openSettings()
    expect(
      await settings().getByLabel('通话耳机', { exact: true }).locator('option').allTextContents(),
    ).toEqual(['系统默认 (Fake Default Audio Output)', 'Fake Audio Output 1', 'Fake Audio Output 2'])
  })

  it('shows how loud the microphone is, and plays back what was said into it', async () => {
    await expect.poll(() => level('麦克风音量')).toBeGreaterThan(0.005)
    await settings().getByRole('button', { name: '说话 3 秒' }).click()
    await settings().locator('[data-step="recording"]').waitFor()
    await settings().locator('[data-step="playing"]').waitFor()
    await settings().getByText('麦克风正常').waitFor()
  })

  it('can be tried, and is usable by everybody', async () => {
    for (const role of ['通话耳机', '扬声器'])
      await settings()
        .getByRole('button', { name: `试听: ${role}` })
        .click()
    await settings().getByRole('button', { name: '试振铃: 振铃' }).click()
    expect(await accessibilityFaults(console.page)).toEqual([])
  })

  it('goes to the chosen ones, which the seat keeps by id and label', async () => {
    await choose('通话耳机', 'Fake Audio Output 1')
    await choose('麦克风', 'Fake Audio Input 1')
    await choose('振铃', 'Fake Audio Output 2')
    const slider = settings().getByRole('slider')
    await slider.focus()
    await slider.press('ArrowRight')
    await settings().getByRole('switch', { name: '降噪' }).click()
    const id = expect.stringMatching(/^[0-9a-f]{64}$/)
    await expect
      .poll(() => console.keptSettings().audio)
      .toEqual({
        headset: { id, label: 'Fake Audio Output 1' },
        microphone: { id, label: 'Fake Audio Input 1' },
        ring: { id, label: 'Fake Audio Output 2' },
        loudspeaker: null,
        ringVolume: 0.6,
        echoCancellation: true,
        noiseSuppression: false,
      })
    await closeSettings()
    expect(await bar().locator('[data-instead]').count()).toBe(0)
  })

  it('goes on through the next best when a headset is unplugged in a call, and says so', async () => {
    await dial('60001')
    await bar().locator('[data-call][data-state="talking"]').waitFor()
    await expect.poll(() => level('听到的音量'), { timeout: 30_000 }).toBeGreaterThan(0.01)
    await unplug('Output 1', 'Input 1')
    await standsIn('headset').getByText('通话耳机未接入,正在用“Fake Default Audio Output”').waitFor()
    await standsIn('microphone').waitFor()
    await said(/麦克风“Fake Audio Input 1”已断开/).waitFor()
    await expect.poll(() => level('听到的音量')).toBeGreaterThan(0.01)
    await expect.poll(() => level('麦克风音量')).toBeGreaterThan(0.005)
    expect(await accessibilityFaults(console.page)).toEqual([])
  })

  it('goes back when it is plugged in again, and says so', async () => {
    await unplug()
    await said('通话耳机已恢复:“Fake Audio Output 1”').waitFor()
    await said('麦克风已恢复:“Fake Audio Input 1”').waitFor()
    await standsIn('headset').waitFor({ state: 'detached' })
    await expect.poll(() => level('麦克风音量')).toBeGreaterThan(0.005)
  })

  it('says that the other side can’t hear where there is no microphone left, until there is one', async () => {
    await unplug('Input')
    await bar().getByRole('alert').getByText('对方听不到您').waitFor()
    await expect.poll(() => level('麦克风音量')).toBe(0)
    await unplug('Input 1', 'Default Audio Input')
    await bar().getByRole('alert').waitFor({ state: 'detached' })
    await expect.poll(() => level('麦克风音量')).toBeGreaterThan(0.005)
    await unplug()
  })

  it('can be put on the loudspeaker and back', async () => {
    const button = bar().getByRole('button', { name: '扬声器' })
    await unplug('Output 1')
    await standsIn('headset').waitFor()
    await button.click()
    await standsIn('headset').waitFor({ state: 'detached' })
    await expect.poll(() => level('听到的音量')).toBeGreaterThan(0.01)
    await button.click()
    await standsIn('headset').waitFor()
    await unplug()
    await bar().getByRole('button', { name: '挂断' }).click()
  })

  it('is as it was chosen after the page is loaded anew', async () => {
    const { audio } = console.keptSettings()
    await console.crashPage()
    await console.page.getByRole('tree').waitFor()
    await openSettings()
    const value = (role: string) => settings().getByLabel(role, { exact: true }).inputValue()
    expect([await value('通话耳机'), await value('麦克风')]).toEqual([
      audio.headset?.id,
      audio.microphone?.id,
    ])
    await closeSettings()
  })

  it('has no microphone at the start, says so, and takes the one that is plugged in', async () => {
    await prepare()
    await console.page.getByRole('button', { name: '账户' }).click()
    await console.page.getByText('退出登录').click()
    await console.page.locator('[data-account="duty-1"]').waitFor()
    await unplug('Input')
    await signInAs(console.page, 'duty-1')
    await bar().getByRole('alert').getByText('没有可用的麦克风').waitFor()
    await unplug()
    await bar().getByRole('alert').waitFor({ state: 'detached' })
  })

  it('complained of nothing', () => {
    expect(console.complaints).toEqual([])
  })
})

const dial = async (number: string) => {
  await console.page.getByRole('textbox', { name: '号码', exact: true }).fill(number)
  await console.page.keyboard.press('Enter')
}

/** Runs in the page. Devices whose labels have one of these in them are not there; tracks of theirs end. */
function simulateUnplugging(from: readonly string[]): void {
  const { mediaDevices } = navigator
  const list = mediaDevices.enumerateDevices.bind(mediaDevices)
  const open = mediaDevices.getUserMedia.bind(mediaDevices)
  const tracks = new Set<MediaStreamTrack>()
  let away = from
  const isAway = (label: string) => away.some((part) => label.includes(part))
  mediaDevices.enumerateDevices = async () => (await list()).filter(({ label }) => !isAway(label))
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints)
    for (const track of stream.getTracks()) {
      if (isAway(track.label)) throw new DOMException('unplugged', 'NotFoundError')
      tracks.add(track)
    }
    return stream
  }
  window.addEventListener('unplug', (event) => {
    away = (event as CustomEvent<readonly string[]>).detail
    for (const track of tracks)
      if (isAway(track.label)) {
        tracks.delete(track)
        track.stop()
        track.dispatchEvent(new Event('ended'))
      }
    mediaDevices.dispatchEvent(new Event('devicechange'))
  })
}
