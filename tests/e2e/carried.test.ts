/** A telephone (baresip, through Kamailio) and a radio channel (RTP multicast) in a room of two consoles. */
import { setInterval } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode } from '../../main/engine/media/g711.ts'
import { endings } from '../support/at-end.ts'
import { type Baresip, startBaresip } from '../support/baresip.ts'
import type { TestHub } from '../support/hub.ts'
import { startKamailio } from '../support/kamailio.ts'
import { type GroupRadio, openGroupRadio, ownGroup } from '../support/radio-group.ts'
import { PASSWORD, smallCity, smallCityWith } from '../support/site.ts'
import { loudness, shareOf } from '../support/tone.ts'
import { childrenCalled, startVideoHub } from '../support/video-hub.ts'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'
import { hears, speakInTones, tapEars } from './ears.ts'

const LINE = { number: '8000', password: 'password-of-a-line' }
const PHONE = { number: '60001', tone: 900 }
/** What the other officer's microphone says; the radio of `openGroupRadio` says 1,000 Hz. */
const VOICE = 700
const RADIO = 1_000
const ROOM = '北区火情会商'

const { atEnd, run } = endings()
const group = ownGroup()
let hub: TestHub
/** It comes back where it was, with what it had. */
let hubAgain: () => Promise<TestHub>
let phone: Baresip
let radio: GroupRadio
let chair: Page
let officer: Page
let consoles: readonly TestConsole[]

beforeAll(async () => {
  const kamailio = await startKamailio(atEnd, {
    users: { [LINE.number]: LINE.password, [PHONE.number]: 'of-the-phone' },
  })
  const site = smallCityWith({
    exchanges: [{ id: 'main', name: '总机', domain: kamailio.domain, servers: [kamailio.server('udp')] }],
    channels: [{ id: 'city', name: '市级', access: group }],
    accounts: smallCity.accounts.map((account) =>
      account.id === 'supervisor'
        ? { ...account, password: PASSWORD, lines: [{ id: 'line', exchange: 'main', ...LINE }] }
        : account,
    ),
  })
  hub = await startVideoHub(atEnd, { site })
  hubAgain = () => startVideoHub(atEnd, { site, folder: hub.folder, at: Number(new URL(hub.url).port) })
  phone = await startBaresip(atEnd, {
    user: PHONE.number,
    password: 'of-the-phone',
    domain: kamailio.domain,
    exchange: kamailio.server('udp').port,
    answers: 'auto',
    says: PHONE.tone,
  })
  radio = await openGroupRadio(atEnd, group)
  consoles = await Promise.all([openConsole({ hub: hub.url }), openConsole({ hub: hub.url })])
  for (const each of consoles) atEnd(() => each.close())
  const [here, there] = consoles
  if (here === undefined || there === undefined) throw new Error('two consoles are needed')
  chair = here.page
  officer = there.page
  await speakInTones(officer, VOICE)
  await Promise.all([signInAs(chair, 'supervisor'), signInAs(officer, 'north-officer')])
  await tapEars(officer)
  await chair.locator('[data-line][data-state="registered"]').waitFor()
})
afterAll(run)

const button = (page: Page | Locator, words: string) =>
  page.getByRole('button', { name: new RegExp(`^${[...words].join(' ?')}`) })
const carried = (page: Page, kind: 'call' | 'channel') => page.locator(`[data-carried][data-kind="${kind}"]`)
const carry = async (name: string) => {
  await button(chair, '接入电话或信道').click()
  await chair.getByRole('menuitem', { name }).click()
}
/** How much of what the phone has heard last is at this frequency. */
const phoneHears = (frequency: number) => {
  const last = phone.played().slice(-4_000)
  return loudness(last) < 0.005 ? 0 : shareOf(frequency, last)
}
/** How much of what came over the air last, since `from`, is at this frequency. */
const airHas = (frequency: number, from: number) => {
  const packets = radio.heard.slice(from).slice(-20)
  const samples = Int16Array.from(packets.flatMap(({ payload }) => [...decode('PCMA', payload)]))
  return samples.length === 0 || loudness(samples) < 0.005 ? 0 : shareOf(frequency, samples)
}

describe('a room', () => {
  it('has two officers in it, of whom one is on the telephone', async () => {
    await chair.getByRole('textbox', { name: '号码', exact: true }).fill(PHONE.number)
    await chair.keyboard.press('Enter')
    await chair.getByTestId('active-calls').locator('[data-call][data-state="talking"]').waitFor()
    await chair.locator('.dv-tab', { hasText: '会商' }).click()
    await button(chair, '发起会商').click()
    await chair.getByRole('textbox', { name: '会商名称' }).fill(ROOM)
    await chair.getByRole('checkbox', { name: '北区值班员 · 在席' }).check()
    await chair
      .locator('form')
      .getByRole('button', { name: /^发 ?起/ })
      .click()
    await button(chair, '静音进入').click()
    await button(officer, '接受').click()
    await button(officer, '话筒关').click()
    await officer.getByRole('button', { name: /^进 ?入$/ }).click()
    await chair.locator('[data-tile="person/north-officer"]').waitFor()
  })

  it('hears the telephone that the one brings in, and is heard there', async () => {
    expect(await hears(officer, PHONE.tone)).toBe(false)
    await carry(`电话 ${PHONE.number}`)
    await carried(officer, 'call').getByText(`电话 ${PHONE.number}`).waitFor()
    await expect.poll(() => hears(officer, PHONE.tone)).toBe(true)
    await expect.poll(() => phoneHears(VOICE)).toBeGreaterThan(0.5)
    // Its own voice does not come back to it.
    expect(phoneHears(PHONE.tone)).toBeLessThan(0.01)
    expect(await accessibilityFaults(officer)).toEqual([])
    expect(await accessibilityFaults(chair)).toEqual([])
  })

  it('hears it no more while the chair mutes it', async () => {
    await button(carried(chair, 'call'), '静音').click()
    await carried(officer, 'call').locator('[data-mark="muted"]').waitFor()
    await expect.poll(() => hears(officer, PHONE.tone)).toBe(false)
    await button(carried(chair, 'call'), '解除静音').click()
    await expect.poll(() => hears(officer, PHONE.tone)).toBe(true)
  })

  it('has it back by itself when the hub’s video workers have died', async () => {
    const [before] = await carried(officer, 'call').evaluateAll((all) =>
      all.map((each) => each.getAttribute('data-carried')),
    )
    for (const pid of childrenCalled('mediasoup-worker')) process.kill(pid, 'SIGKILL')
    await expect
      .poll(() =>
        carried(officer, 'call').evaluateAll((all) => all.map((each) => each.getAttribute('data-carried'))),
      )
      .toEqual([expect.not.stringMatching(before ?? 'none')])
    await expect.poll(() => hears(officer, PHONE.tone)).toBe(true)
    await expect.poll(() => phoneHears(VOICE)).toBeGreaterThan(0.5)
  })

  it('goes on by itself, with all that were in it, when the hub has been away', async () => {
    await hub.close()
    await officer.getByText('连接中断,正在自动恢复…').waitFor()
    await hubAgain()
    await expect.poll(() => carried(officer, 'call').count()).toBe(1)
    await expect.poll(() => hears(officer, PHONE.tone)).toBe(true)
    await expect.poll(() => phoneHears(VOICE)).toBeGreaterThan(0.5)
    await expect
      .poll(() =>
        officer
          .locator('[data-tile="person/supervisor"] video')
          .evaluate((video: HTMLVideoElement) => video.videoWidth > 0),
      )
      .toBe(true)
  })

  it('hears a channel that is brought in, and says nothing there until somebody presses its key', async () => {
    await carry('无线 市级')
    const tile = carried(officer, 'channel')
    await tile.getByText('无线 市级').waitFor()
    const stop = new AbortController()
    const talking = (async () => {
      for await (const _ of setInterval(20, undefined, { signal: stop.signal })) radio.say()
    })().catch(() => undefined)
    await expect.poll(() => hears(officer, RADIO)).toBe(true)
    stop.abort()
    await talking
    await expect.poll(() => hears(officer, RADIO)).toBe(false)
    const before = radio.heard.length
    await expect.poll(() => phoneHears(VOICE)).toBeGreaterThan(0.5)
    expect(radio.heard.length).toBe(before)

    const key = tile.getByRole('button', { name: '向 市级 发话' })
    await key.focus()
    await officer.keyboard.down('Enter')
    await tile.locator('[data-mark="on-air"]').waitFor()
    await expect.poll(() => airHas(VOICE, before)).toBeGreaterThan(0.2)
    // The telephone is in the room, too.
    expect(airHas(PHONE.tone, before)).toBeGreaterThan(0.1)
    await officer.keyboard.up('Enter')
    await tile.locator('[data-mark]').waitFor({ state: 'detached' })
    const after = radio.heard.length
    await expect.poll(() => hears(officer, PHONE.tone)).toBe(true)
    expect(radio.heard.length - after).toBeLessThan(5)
    expect(await accessibilityFaults(officer)).toEqual([])
  })

  it('lets go of a key whose officer’s page has crashed', async () => {
    const tile = carried(officer, 'channel')
    await tile.getByRole('button', { name: '向 市级 发话' }).focus()
    await officer.keyboard.down('Enter')
    await carried(chair, 'channel').locator('[data-mark="on-air"]').waitFor()
    const [, there] = consoles
    await there?.crashPage()
    await carried(chair, 'channel').locator('[data-mark]').waitFor({ state: 'detached' })
  })

  it('is left by what is taken out, and by a call that is over', async () => {
    await button(carried(chair, 'channel'), '断开').click()
    await carried(chair, 'channel').waitFor({ state: 'detached' })
    await chair
      .getByTestId('active-calls')
      .getByRole('button', { name: /^挂 ?断/ })
      .click()
    await carried(chair, 'call').waitFor({ state: 'detached' })
    expect(consoles.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
