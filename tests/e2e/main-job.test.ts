/**
 * The main job, on real protocols: a unit appears over MQTT (mosquitto), is called (Kamailio, baresip), looked at (RTSP),
 * talked to on its channel (RTP multicast), tasked and written to (its phone's browser), brought into a conference with
 * all along its road; another agency joins; and the timeline tells all of it.
 */
import { randomInt } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIELD_PATH } from '../../contract/field.ts'
import { unitTopic } from '../../contract/positions.ts'
import { endings } from '../support/at-end.ts'
import { type Baresip, startBaresip } from '../support/baresip.ts'
import { launchBrowser } from '../support/browser.ts'
import { connectDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { startKamailio } from '../support/kamailio.ts'
import { startMosquitto } from '../support/mosquitto.ts'
import { type GroupRadio, openGroupRadio, ownGroup } from '../support/radio-group.ts'
import { cameraLogin, startCameras } from '../support/rtsp-camera.ts'
import { PASSWORD, smallCityWith } from '../support/site.ts'
import { loudness } from '../support/tone.ts'
import { videoWorkerBinary } from '../support/video-worker.ts'
import { accessibilityFaults, openConsole, signInAs } from './console.ts'
import { hears, tapEars } from './ears.ts'
import { takePicture } from './pictures.ts'

const CENTRE = { lat: 32.05, lon: 118.78 }
const TITLE = '中山路 18 号冒烟'
const LINE = { number: '8000', password: 'password-of-a-line' }
/** Along the road, from west to east; the first is at the centre of the map. */
const road = [
  { id: 'patrol-1', name: '巡逻一组', en: 'Patrol 1', number: '60001', tone: 700, east: 0 },
  { id: 'patrol-2', name: '巡逻二组', en: 'Patrol 2', number: '60002', tone: 900, east: 0.01 },
  { id: 'patrol-3', name: '巡逻三组', en: 'Patrol 3', number: '60003', tone: 1_100, east: 0.02 },
] as const
const [first, ...others] = road
const far = { id: 'patrol-9', name: '巡逻九组', en: 'Patrol 9', number: '60009' } as const

const { atEnd, run } = endings()
const group = ownGroup()
let hub: TestHub
let phones: readonly Baresip[]
let radio: GroupRadio
let officer: Page
let guest: Page
let crew: Page
let report: () => Promise<void>
let complaints: () => string[]

beforeAll(async () => {
  const users = Object.fromEntries([
    ...road.map(({ number }) => [number, `phone-${number}`]),
    [LINE.number, LINE.password],
  ])
  const gateway = {
    name: 'gateway',
    password: `${randomInt(2 ** 40)}`,
    may: ['topic write wf/v1/police/+/position'],
  }
  const reader = { name: 'hub', password: `${randomInt(2 ** 40)}`, may: ['topic read wf/v1/+/+/position'] }
  const [kamailio, broker, cameras] = await Promise.all([
    startKamailio(atEnd, { users }),
    startMosquitto(atEnd, [gateway, reader]),
    startCameras(atEnd),
  ])
  const { port: exchange } = kamailio.server('udp')
  const unit = ({ id, name, en, number }: (typeof road)[number] | typeof far) => ({
    id,
    name: { zh: name, en },
    agency: 'police',
    area: 'north-gate',
    reportEvery: 60,
    terminals: [
      { kind: 'sip', number },
      ...(id === first.id
        ? [
            { kind: 'radio', number: '91001' },
            { kind: 'camera', source: 'body-camera' },
            { kind: 'field', account: 'crew' },
          ]
        : []),
    ],
  })
  hub = await startTestHub(atEnd, {
    site: smallCityWith({
      units: [...road, far].map(unit),
      devices: [],
      channels: [{ id: 'city', name: { zh: '市级', en: 'City-wide' }, access: group }],
      sources: [
        {
          id: 'body-camera',
          name: { zh: '执法仪', en: 'Body camera' },
          kind: 'rtsp',
          url: cameras.url('ball'),
          unit: first.id,
        },
      ],
      exchanges: [
        {
          id: 'main',
          name: { zh: '总机', en: 'Exchange' },
          domain: kamailio.domain,
          servers: [kamailio.server('udp')],
        },
      ],
      accounts: [
        {
          id: 'officer',
          name: { zh: '值班员', en: 'Duty officer' },
          role: 'shift-supervisor',
          password: PASSWORD,
          lines: [{ id: 'line', exchange: 'main', ...LINE }],
        },
        {
          id: 'crew',
          name: { zh: first.name, en: first.en },
          role: 'field-account',
          agency: 'police',
          password: PASSWORD,
        },
        {
          id: 'fire-guest',
          name: { zh: '119 联勤', en: '119 joint duty' },
          role: 'joint-duty-officer',
          agency: 'fire',
          password: PASSWORD,
        },
      ],
    }),
    config: {
      broker: {
        kind: 'external',
        url: broker.url,
        username: reader.name,
        password: reader.password,
        ca: broker.authority.cert,
      },
      video: {
        worker: videoWorkerBinary(),
        workers: 1,
        listen: [{ ip: '127.0.0.1' }],
        port: 0,
        voicePorts: [41_000, 41_999],
        lingerMs: 30_000,
        cameras: { 'body-camera': cameraLogin },
      },
    },
  })
  phones = await Promise.all(
    road.map(({ number, tone }) =>
      startBaresip(atEnd, {
        user: number,
        password: `phone-${number}`,
        domain: kamailio.domain,
        exchange,
        answers: 'auto',
        says: tone,
      }),
    ),
  )
  radio = await openGroupRadio(atEnd, group)
  const device = await connectDevice(atEnd, broker.url, {
    username: gateway.name,
    password: gateway.password,
    ca: broker.authority.cert,
  })
  report = async () => {
    const t = Date.now()
    for (const { id, east } of road)
      await device.publish(unitTopic('police', id), { t, lat: CENTRE.lat, lon: CENTRE.lon + east })
    await device.publish(unitTopic('police', far.id), { t, lat: CENTRE.lat + 0.03, lon: CENTRE.lon })
  }
  const { browser } = await launchBrowser(atEnd)
  const [there, here] = await Promise.all([openConsole({ hub: hub.url }), openConsole({ hub: hub.url })])
  for (const each of [there, here]) atEnd(() => each.close())
  complaints = () => [there, here].flatMap((each) => each.complaints)
  officer = there.page
  guest = here.page
  crew = await browser.newPage({ viewport: { width: 390, height: 800 }, locale: 'zh-CN' })
})
afterAll(run)

const card = () => officer.locator('article[data-incident]')
const calls = () => officer.getByTestId('active-calls').locator('[data-call]')
/** Into the field that takes what is typed, once it is there. */
async function say(words: string): Promise<void> {
  await officer.locator(':is(input:not([type=radio], [type=checkbox]), textarea):focus').waitFor()
  await officer.keyboard.type(words)
  await officer.keyboard.press('Enter')
}
/** A point of the map: so many shares of its width and height from its corner. */
async function onMap(across: number, down: number): Promise<[number, number]> {
  const box = await officer.getByTestId('map').boundingBox()
  if (box === null) throw new Error('the map is not seen')
  return [box.x + box.width * across, box.y + box.height * down]
}
/** The unit's card, and the keys of the console with it. */
async function choose(): Promise<void> {
  await officer.keyboard.press('Escape')
  await officer.keyboard.press('Escape')
  await officer.getByRole('tree').focus()
  // The whole city: what is at its centre is in the middle of the map.
  await officer.keyboard.press('h')
  await expect
    .poll(async () => {
      await officer.mouse.click(...(await onMap(0.5, 0.5)))
      return officer.locator(`[data-unit="${first.id}"]`).isVisible()
    })
    .toBe(true)
}

describe('the main job', () => {
  it('begins with a sign-in and an incident, and a unit appears on the map', async () => {
    await signInAs(officer, 'officer')
    await tapEars(officer)
    await officer.locator('[data-line][data-state="registered"]').waitFor()
    await officer.getByRole('tree').focus()
    await officer.keyboard.press('i')
    await say(TITLE)
    await card().getByText('Ⅱ级', { exact: true }).click()
    await card().getByText('待派单').waitFor()
    await report()
    await expect.poll(() => officer.getByTestId('map').getAttribute('data-units')).toBe('4')
    await choose()
    expect(await accessibilityFaults(officer)).toEqual([])
  })

  it('calls the unit, hears it and is heard', async () => {
    await officer.keyboard.press('c')
    await expect.poll(() => calls().first().getAttribute('data-state')).toBe('talking')
    await expect.poll(() => hears(officer, first.tone)).toBe(true)
    // Chromium's microphone of tests beeps once a second.
    await expect.poll(() => loudness(phones[0]?.played() ?? new Int16Array())).toBeGreaterThan(0.001)
    await takePicture(officer, 'call')
    await calls()
      .first()
      .getByRole('button', { name: /^挂 ?断/ })
      .click()
    await expect.poll(() => calls().first().getAttribute('data-state')).toBe('ended')
  })

  it('sees what its camera sees', async () => {
    const picture = officer.locator(`[data-unit="${first.id}"] [data-source="body-camera"]`)
    await picture.and(officer.locator('[data-state="live"]')).waitFor()
    /** Where the ball is, by the light in eight columns. */
    const seen = () =>
      picture.locator('video').evaluate((video: HTMLVideoElement) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 })
        const pen = canvas.getContext('2d')
        pen?.drawImage(video, 0, 0, 64, 36)
        return pen?.getImageData(0, 0, 64, 36).data.join() ?? ''
      })
    const before = await seen()
    await expect.poll(seen).not.toBe(before)
    await takePicture(officer, 'camera')
  })

  it('keys its radio channel', async () => {
    await officer.getByRole('tree').focus()
    await officer.keyboard.press('r')
    const channel = officer.locator('[data-channel="city"]')
    await expect.poll(() => channel.getByTitle(/单击选定/).getAttribute('aria-pressed')).toBe('true')
    const before = radio.heard.length
    await officer.keyboard.down('Space')
    await expect.poll(() => channel.getAttribute('data-line')).toBe('talking')
    await expect.poll(() => radio.heard.length).toBeGreaterThan(before + 10)
    await officer.keyboard.up('Space')
    await expect.poll(() => channel.getAttribute('data-line')).not.toBe('talking')
  })

  it('tasks it, and its crew does the task on their phone', async () => {
    await crew.goto(`${hub.url.replace(/^ws(.*)\/seat$/, 'http$1')}${FIELD_PATH}/`)
    await crew.getByLabel('账号').fill('crew')
    await crew.getByLabel('密码').fill(PASSWORD)
    await crew.keyboard.press('Enter')
    await crew.getByText('目前没有任务。').waitFor()
    await choose()
    await officer.keyboard.press('t')
    await officer.getByText(`将派给 1 个:${first.name}`).waitFor()
    await say('到场查看,报告火情')
    const task = crew.locator('[data-task]')
    for (const step of ['接受', '出发', '到场', '完成'])
      await task.getByRole('button', { name: step, exact: true }).click()
    await task.getByLabel('处置情况', { exact: false }).fill('锅炉排汽,无火')
    const photograph = { name: 'IMG_0001.png', mimeType: 'image/png', buffer: await crew.screenshot() }
    await task.getByLabel('添加图片').setInputFiles(photograph)
    await task.locator('[data-picture] img').waitFor()
    await takePicture(crew, 'field', task)
    await task.getByRole('button', { name: '确定' }).click()
    await card().locator('[data-task]').getByText('锅炉排汽,无火').waitFor()
    const picture = officer.getByTestId('timeline').locator('li[data-kind="task.stepped"] img')
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(390)
  })

  it('writes to it, and sees that it was read', async () => {
    await choose()
    await officer.keyboard.press('m')
    await officer.getByRole('textbox', { name: '写消息' }).waitFor()
    const plan = { name: '平面图.png', mimeType: 'image/png', buffer: await officer.screenshot() }
    await officer.getByTestId('attach').setInputFiles(plan)
    await officer.locator('[data-outgoing="sent"]').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
    await officer.getByRole('textbox', { name: '写消息' }).focus()
    await say('收队时请报告')
    await crew.getByText('收队时请报告').waitFor()
    await crew.getByRole('button', { name: '查看 平面图.png' }).click()
    await expect
      .poll(() => crew.getByAltText('平面图.png').evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBe(1366)
    await officer.getByTestId('messages').getByText('1 人已读').waitFor()
    await takePicture(officer, 'message')
  })

  it('brings all along a road into one conversation', async () => {
    await officer.keyboard.press('Escape')
    await officer.getByRole('tree').focus()
    await officer.keyboard.press('a')
    const tools = officer.getByRole('region', { name: '圈选工具' })
    await tools.getByRole('button', { name: '沿线', exact: true }).click()
    for (const across of [0.4, 0.95]) {
      const [x, y] = await onMap(across, 0.5)
      await officer.mouse.move(x, y, { steps: 4 })
      await officer.mouse.click(x, y)
    }
    await officer.keyboard.press('Enter')
    await tools.getByRole('spinbutton', { name: '宽度' }).fill('400')
    await tools.getByText('圈中 3 个,已选 3 个').waitFor()
    await officer.getByText('将呼叫 3 个').waitFor()
    await officer.getByText('无线可达 1 个:市级,2 个不可达').waitFor()
    const selection = officer.getByTestId('selection')
    await selection.getByRole('button', { name: /^群发/ }).click()
    await officer.getByText('将发给 3 个,其中 2 个以短信发往电话').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
    await say('沿中山路集合')
    await crew.getByText('沿中山路集合').waitFor()
    await officer.locator(`[data-unit-result="${first.id}"][data-state="read"]`).waitFor()
    // Who has a telephone and nothing else gets it there (SIP MESSAGE).
    for (const { id } of others)
      await officer.locator(`[data-unit-result="${id}"][data-state="carried"]`).waitFor()
    await officer.getByTestId('broadcast').getByText('已读 1/3').waitFor()
    expect(await accessibilityFaults(officer)).toEqual([])
    await officer.getByTestId('broadcast').getByRole('button', { name: '知道了' }).click()
    await officer.locator('.dv-tab', { hasText: '详情' }).click()
    await officer
      .getByTestId('selection')
      .getByRole('button', { name: /组 ?呼/ })
      .click()
    for (const { number } of road)
      await expect
        .poll(() => officer.locator(`[data-party="${number}"]`).getAttribute('data-state'))
        .toBe('in')
    for (const { tone } of road) await expect.poll(() => hears(officer, tone)).toBe(true)
    await takePicture(officer, 'conference')
    await officer.getByRole('button', { name: '结束', exact: true }).click()
    await officer.getByText('已结束 · 应答 3/3').waitFor()
    await officer
      .getByRole('region', { name: '电话' })
      .getByRole('button', { name: '关闭', exact: true })
      .click()
  })

  it('brings in the fire service, which sees this incident and nothing else', async () => {
    await guest.locator('[data-account="fire-guest"]').click()
    await guest.getByText('没有可见的力量').waitFor()
    await officer.getByRole('tab', { name: '当前事件' }).click()
    await card().getByRole('button', { name: '联勤' }).click()
    const list = officer.getByRole('tooltip')
    await list
      .getByRole('listitem')
      .filter({ hasText: '119 联勤' })
      .getByRole('button', { name: /^邀 ?请$/ })
      .click()
    await guest.keyboard.press('b')
    await guest.getByTestId('board').getByText(TITLE).click()
    await guest.locator('article[data-incident]').getByRole('heading', { name: TITLE }).waitFor()
    await guest.getByRole('tab', { name: '力量' }).click()
    await guest.getByText('在岗 1 ').waitFor()
    expect(await guest.locator('[data-channel]').count()).toBe(0)
    await takePicture(guest, 'joint-duty')
    expect(await accessibilityFaults(guest)).toEqual([])
  })

  it('is told in the incident’s timeline, in order', async () => {
    await officer.keyboard.press('Escape')
    const kinds = () =>
      officer
        .getByTestId('timeline')
        .locator('li[data-kind]')
        .evaluateAll((lines) => lines.map((line) => line.getAttribute('data-kind') ?? '').toReversed())
    await expect.poll(async () => (await kinds()).at(-1)).toBe('incident.invited')
    expect((await kinds()).filter((kind) => kind !== 'task.stepped')).toEqual([
      'incident.opened',
      'incident.graded',
      'call.recorded',
      'transmission.recorded',
      'task.assigned',
      'incident.dispatched',
      'incident.handled',
      'message.sent',
      ...road.map(() => 'message.sent'),
      ...road.map(() => 'call.recorded'),
      'group-call.recorded',
      'incident.invited',
    ])
    await takePicture(officer, 'timeline', officer.getByTestId('timeline'))
    expect(complaints()).toEqual([])
  })
})
