/** An officer writes to a unit that has a telephone and nothing else: a hub, a console, the lab's exchange and a phone. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Exchange, openExchange } from '../../lab/exchange/exchange.ts'
import { endings } from '../support/at-end.ts'
import { startTestHub } from '../support/hub.ts'
import { openTestSip, type TestSip } from '../support/sip-line.ts'
import { smallCity, smallCityWith } from '../support/site.ts'
import { accessibilityFaults, openConsole, signInAs } from './console.ts'

const DOMAIN = 'exercise.invalid'
const LINE_PASSWORD = 'password-of-a-line'
const TELEPHONE = '82001'
const DESK = '8000'

const { atEnd, run } = endings()
let exchange: Exchange
let page: Page
let complaints: () => string[]
let telephone: TestSip

beforeAll(async () => {
  exchange = await openExchange({
    host: '127.0.0.1',
    domain: DOMAIN,
    accounts: [DESK, TELEPHONE].map((number) => ({ number, password: LINE_PASSWORD })),
    phones: [],
    groups: {},
    temperament: () => ({ kind: 'away' }),
    clips: new Map(),
  })
  atEnd(() => exchange.close())
  const server = { transport: 'udp', host: exchange.host, port: exchange.port } as const
  const lines = [{ id: 'line', exchange: 'main', number: DESK, password: LINE_PASSWORD }]
  const hub = await startTestHub(atEnd, {
    site: smallCityWith({
      exchanges: [{ id: 'main', name: 'Main', domain: DOMAIN, servers: [server] }],
      accounts: smallCity.accounts.map((account) =>
        account.id === 'supervisor' ? { ...account, lines } : account,
      ),
    }),
  })
  telephone = openTestSip(atEnd, {
    domain: DOMAIN,
    user: TELEPHONE,
    password: LINE_PASSWORD,
    server,
  })
  const opened = await openConsole({ hub: hub.url })
  atEnd(() => opened.close())
  page = opened.page
  complaints = () => [...opened.complaints]
  await signInAs(page, 'supervisor')
  await page.locator('[data-line="line"][data-state="registered"]').waitFor()
})
afterAll(run)

const said = () => page.getByTestId('messages')

describe('a message to a unit that has a telephone and nothing else', () => {
  it('says what the exchange refused and what to do about it', async () => {
    await page.keyboard.press('/')
    await page.keyboard.type(TELEPHONE)
    await page.locator('[data-key="unit/south-patrol"]').click()
    await page.getByRole('tree').focus()
    await page.keyboard.press('m')
    await page.getByText('该力量只有电话').waitFor()
    await page.getByRole('textbox', { name: '写消息' }).fill('请报告位置')
    await page.keyboard.press('Enter')
    await said().locator('[data-carried="refused"]').waitFor()
    await said()
      .getByText(new RegExp(`短信未送达:终端 ${TELEPHONE} 被拒绝`))
      .waitFor()
    expect(await said().getByText('已发送').count()).toBe(0)
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('is carried when it is sent again, and the telephone shows it', async () => {
    await telephone.port.register()
    await page.getByRole('button', { name: '重发短信' }).click()
    await said().getByText(`短信已送达终端 ${TELEPHONE}(200)`).waitFor()
    expect(telephone.messages.map(({ text }) => text)).toEqual(['请报告位置'])
    expect(await page.getByRole('button', { name: '重发短信' }).count()).toBe(0)
  })

  it('is answered from the telephone, in the unit’s name', async () => {
    await telephone.port.sendMessage(DESK, '南门岗亭')
    const answer = said().locator('li', { hasText: '南门岗亭' })
    await answer.getByText(`南区巡逻 (来自终端 ${TELEPHONE} 的短信)`).waitFor()
    expect(await answer.getAttribute('data-own')).toBeNull()
    expect(await accessibilityFaults(page)).toEqual([])
    expect(complaints()).toEqual([])
  })
})
