/** The page in the field, on a phone, at a hub: duty, position, a task from its receipt to its end, through a bad network. */
import { randomUUID } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Command } from '../../contract/commands.ts'
import { FIELD_PATH, PASS_MARK } from '../../contract/field.ts'
import { endings } from '../support/at-end.ts'
import { launchBrowser } from '../support/browser.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { assign, cityWithCrews, grade, open } from '../support/incidents.ts'
import { refusalOf, type TestSeat, takeSeat } from '../support/seat.ts'
import { PASSWORD } from '../support/site.ts'
import { openTcpPath, type TcpPath } from '../support/tcp-path.ts'
import { accessibilityFaults } from './console.ts'

const place = { latitude: 32.0611, longitude: 118.7788 }
const { atEnd, run } = endings()
let hub: TestHub
let supervisor: TestSeat
let phone: BrowserContext
let page: Page
/** The network between them. */
let path: TcpPath
const complaints: string[] = []

beforeAll(async () => {
  hub = await startTestHub(atEnd, { site: cityWithCrews })
  supervisor = await takeSeat(atEnd, hub.url, 'supervisor')
  path = await openTcpPath(atEnd, Number(new URL(hub.url).port))
  const { browser } = await launchBrowser(atEnd)
  phone = await browser.newContext({
    viewport: { width: 390, height: 800 },
    locale: 'zh-CN',
    geolocation: place,
    permissions: ['geolocation'],
  })
  page = await newPage()
})
afterEach(() => path.giveBack())
afterAll(run)

const newPage = async () => {
  const opened = await phone.newPage()
  opened.on('pageerror', (error) => complaints.push(String(error)))
  return opened
}

const give = (command: Command) => supervisor.client.submit.mutate({ key: randomUUID(), command })
const task = () => hub.journal.state.incidents.tasks.t1
const unit = () => hub.journal.state.directory.units['north-patrol']
const card = () => page.locator('[data-task=t1]')

describe('the page in the field', () => {
  it('says who may not come in, and lets the crew in', async () => {
    await page.goto(`http://127.0.0.1:${path.port}${FIELD_PATH}/`)
    await page.getByLabel('账号').fill('north-crew')
    await page.getByLabel('密码').fill('not the password')
    await page.keyboard.press('Enter')
    await page.getByText('账号或密码不正确。').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByLabel('密码').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('目前没有任务。').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('tells the hub where the phone is while its unit is on duty', async () => {
    await page.getByText('位置已上报').waitFor()
    await expect
      .poll(async () => (await supervisor.client.positionOf.query({ unit: 'north-patrol' })).fix)
      .toMatchObject({ lat: place.latitude, lon: place.longitude })
  })

  it('says what the unit does, and the directory says it too', async () => {
    await page.getByRole('button', { name: '忙碌' }).click()
    await expect.poll(() => unit()?.state).toBe('busy')
    await page.getByRole('button', { name: '在岗' }).click()
    await expect.poll(() => unit()?.state).toBe('available')
  })

  it('shows a task as soon as it is given, and that alone is its receipt', async () => {
    await give(open())
    await give(grade())
    await give(assign('t1', 'north-patrol'))
    await card().getByText('到场查看,报告火情').waitFor()
    await expect.poll(() => task()?.state).toBe('received')
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('takes the task on', async () => {
    await card().getByRole('button', { name: '接受' }).click()
    await expect.poll(() => task()?.state).toBe('accepted')
  })

  it('keeps what is said without a network, and sends it once when there is one', async () => {
    const steps: string[] = []
    const stop = hub.journal.onAppended(({ events }) => {
      for (const event of events) if (event.kind === 'task.stepped') steps.push(event.data.step)
    })
    path.takeAway()
    await page.getByText('没有网络', { exact: false }).waitFor()
    await card().getByRole('button', { name: '出发' }).click()
    await page.getByText('待发送 1 条').waitFor()
    expect(task()?.state).toBe('accepted')
    path.giveBack()
    await expect.poll(() => task()?.state).toBe('en-route')
    await page.getByText('待发送', { exact: false }).waitFor({ state: 'detached' })
    await page.reload()
    await card().getByRole('button', { name: '到场' }).click()
    await expect.poll(() => task()?.state).toBe('on-scene')
    stop()
    expect(steps).toEqual(['set-out', 'arrive'])
  })

  it('shows what the duty room says, which is a receipt, and takes the answer there', async () => {
    const thread = { kind: 'unit', unit: 'north-patrol' } as const
    const talk = () => hub.journal.state.threads['unit/north-patrol']
    await give({ kind: 'message.send', id: randomUUID(), thread, text: '需要增援吗?', place: null })
    await page.getByText('需要增援吗?').waitFor()
    await expect.poll(() => talk()?.marks['north-crew']).toEqual({ delivered: 1, read: 1 })
    await page.getByLabel('写给值班室').fill('不需要')
    await page.getByRole('button', { name: '发送' }).click()
    await expect.poll(() => talk()?.messages.map(({ text }) => text)).toEqual(['需要增援吗?', '不需要'])
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('shows what is said in a group that the unit is in, and takes the answer there', async () => {
    const thread = { kind: 'group', group: randomUUID() } as const
    const units = ['north-patrol', 'south-engine']
    const talk = () => hub.journal.state.threads[`group/${thread.group}`]
    await give({ kind: 'group.form', thread, name: '夜巡组', units })
    await give({ kind: 'message.send', id: randomUUID(), thread, text: '北门集合', place: null })
    const group = page.getByRole('region', { name: '群组:夜巡组' })
    await group.getByText('北门集合').waitFor()
    await expect.poll(() => talk()?.marks['north-crew']).toEqual({ delivered: 1, read: 1 })
    await group.getByText('2 个力量都能看到').waitFor()
    await group.getByLabel('写给群组').fill('五分钟到')
    await group.getByRole('button', { name: '发送' }).click()
    await expect.poll(() => talk()?.messages.map(({ text }) => text)).toEqual(['北门集合', '五分钟到'])
    expect(await accessibilityFaults(page)).toEqual([])
    await give({ kind: 'group.dissolve', thread })
    await group.waitFor({ state: 'detached' })
  })

  it('ends the task with what was done', async () => {
    await card().getByRole('button', { name: '完成' }).click()
    await card().getByLabel('处置情况', { exact: false }).fill('明火已灭,无人受伤')
    await card().getByRole('button', { name: '确定' }).click()
    await expect.poll(() => task()).toMatchObject({ state: 'done', words: '明火已灭,无人受伤' })
  })

  it('sends a picture that was taken without a network, once there is one', async () => {
    const talk = () => hub.journal.state.threads['unit/north-patrol']?.messages ?? []
    const before = talk().length
    path.takeAway()
    await page.getByText('没有网络', { exact: false }).waitFor()
    const photograph = { name: 'IMG_0001.png', mimeType: 'image/png', buffer: await page.screenshot() }
    await page.getByLabel('添加图片').setInputFiles(photograph)
    await page.locator('[data-picture] img').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByRole('button', { name: '发送' }).click()
    await page.getByText('待发送 1 条').first().waitFor()
    await page.close()
    page = await newPage()
    path.giveBack()
    await page.goto(`http://127.0.0.1:${path.port}${FIELD_PATH}/`)
    await expect.poll(() => talk().length).toBe(before + 1)
    const [picture] = talk().at(-1)?.attachments ?? []
    expect(picture?.type).toBe('image/jpeg')
    const part = await supervisor.client.attachments.get.query({ hash: picture?.hash ?? '', at: 0 })
    expect(part.size).toBe(picture?.size)
    await page.getByRole('button', { name: `查看 ${picture?.name}` }).click()
    await expect
      .poll(() =>
        page.getByAltText(picture?.name ?? '').evaluate((image: HTMLImageElement) => image.naturalWidth),
      )
      .toBe(390)
  })

  it('calls for help when its button is held, through a bad network, and says when somebody has taken note', async () => {
    const alarms = () => Object.values(hub.journal.state.radio.alarms)
    const call = page.getByRole('button', { name: '紧急求助' })
    await call.click()
    expect(alarms()).toEqual([])
    path.takeAway()
    await page.getByText('没有网络', { exact: false }).waitFor()
    await call.focus()
    await page.keyboard.down('Enter')
    await page.getByText('求助尚未送出', { exact: false }).waitFor()
    await page.keyboard.up('Enter')
    expect(await accessibilityFaults(page)).toEqual([])
    path.giveBack()
    await page.getByText('已求助,等待值班室确认。').waitFor()
    await expect.poll(alarms).toMatchObject([{ unit: 'north-patrol', channel: null, radio: null }])
    await give({ kind: 'alarm.acknowledge', alarm: alarms()[0]?.id ?? '' })
    await page.getByText('值班室已确认您的求助。').waitFor()
    expect(alarms()).toEqual([])
  })

  it('is entered by a pass from a seat, once', async () => {
    const pass = await supervisor.client.field.givePass.mutate({ unit: 'north-patrol' })
    const entry = `http://127.0.0.1:${path.port}${FIELD_PATH}/${PASS_MARK}${pass.code}`
    const other = await phone.newPage()
    await other.goto(entry)
    await other.getByRole('heading', { name: '北区巡逻' }).waitFor()
    expect(other.url()).not.toContain(pass.code)
    await other.goto('about:blank')
    await other.goto(entry)
    await other.getByText('登录码已用过或已过期', { exact: false }).waitFor()
    await other.close()
  })

  it('is entered by nobody whom an officer without the unit lets in', async () => {
    const officer = await takeSeat(atEnd, hub.url, 'fire-officer')
    expect(await refusalOf(officer.client.field.givePass.mutate({ unit: 'north-patrol' }))).toMatchObject({
      code: 'not-found',
    })
    expect(await refusalOf(supervisor.client.field.givePass.mutate({ unit: 'north-engine' }))).toMatchObject({
      code: 'not-found',
    })
  })

  it('leaves, and nobody finds anything of it on the phone', async () => {
    await page.getByRole('button', { name: '退出' }).click()
    await page.getByLabel('账号').waitFor()
    expect(await page.evaluate(() => localStorage.getItem('watchfloor-session'))).toBeNull()
    expect(complaints).toEqual([])
  })
})
