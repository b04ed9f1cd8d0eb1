/** The radio at the console: a multicast channel of the test's own, on which a radio talks and hears. */
import { randomUUID } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { endings } from '../support/at-end.ts'
import { startTestHub } from '../support/hub.ts'
import { type GroupRadio, openGroupRadio, ownGroup } from '../support/radio-group.ts'
import { type TestSeat, takeSeat } from '../support/seat.ts'
import { smallCityWith } from '../support/site.ts'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'
import { devicesHeard, tapEars } from './ears.ts'

const PACKET_MS = 20
/** The radio id of 南区消防车. */
const ENGINE = '92001'

const { atEnd, run } = endings()
const one = ownGroup()
const two = ownGroup()
let console: TestConsole
let page: Page
let radio: GroupRadio
/** Another officer, without a console. */
let colleague: TestSeat

beforeAll(async () => {
  const channels = [
    { id: 'tac-1', name: { zh: '一信道', en: 'Tac 1' }, access: one },
    { id: 'tac-2', name: { zh: '二信道', en: 'Tac 2' }, access: two },
  ]
  const hub = await startTestHub(atEnd, { site: smallCityWith({ channels }) })
  radio = await openGroupRadio(atEnd, one)
  colleague = await takeSeat(atEnd, hub.url, 'north-officer')
  console = await openConsole({ hub: hub.url })
  atEnd(() => console.close())
  page = console.page
  await signInAs(page, 'supervisor')
  await card().waitFor()
})
afterAll(run)

let over: (() => Promise<void>) | undefined
afterEach(() => over?.())

const card = (id = 'tac-1') => page.locator(`[data-channel="${id}"]`)
const says = (line: string, id?: string) =>
  expect.poll(() => card(id).getAttribute('data-line'), { timeout: 20_000 }).toBe(line)
const quiet = async (id?: string) =>
  expect.poll(() => card(id).getAttribute('data-line')).toMatch(/^(quiet|heard)$/)
const name = (id?: string): Locator => card(id).getByTitle(/单击选定/)
const select = async (id?: string) => {
  if ((await name(id).getAttribute('aria-pressed')) === 'false') await name(id).click()
  await expect.poll(() => name(id).getAttribute('aria-pressed')).toBe('true')
}
const packets = () => radio.heard.length
/** Packets go on coming. */
const isHeard = async () => {
  const before = packets()
  await expect.poll(packets).toBeGreaterThan(before + 3)
}

/** The radio talks until it is told to stop. */
function talk(): void {
  radio.sayName(ENGINE)
  const timer = setInterval(() => radio.say(), PACKET_MS)
  over = async () => {
    clearInterval(timer)
    over = undefined
    await quiet()
  }
}

describe('a channel’s card', () => {
  it('says who is heard, in green and in words, and afterwards who was', async () => {
    talk()
    await says('receiving')
    await expect.poll(() => card().textContent()).toContain('南区消防车')
    expect(await card().getAttribute('data-tone')).toBe('rx')
    const level = () =>
      card()
        .getByRole('meter')
        .evaluate((meter: HTMLMeterElement) => meter.value)
    await expect.poll(level).toBeGreaterThan(-40)
    expect(await accessibilityFaults(page)).toEqual([])
    await over?.()
    await says('heard')
    expect(await card().textContent()).toContain('上次 南区消防车')
  })

  it('is selected with a click, one at a time, unless Ctrl is held', async () => {
    await select('tac-1')
    await select('tac-2')
    expect(await name('tac-1').getAttribute('aria-pressed')).toBe('false')
    await name('tac-1').click({ modifiers: ['Control'] })
    await expect.poll(() => name('tac-1').getAttribute('aria-pressed')).toBe('true')
    expect(await name('tac-2').getAttribute('aria-pressed')).toBe('true')
    await name('tac-1').click()
    await expect.poll(() => name('tac-2').getAttribute('aria-pressed')).toBe('false')
  })
})

describe('what is said on a channel', () => {
  const loudIn = () => devicesHeard(page)

  it('is heard aside, and where calls are once the channel is selected', async () => {
    await tapEars(page)
    // Each selection leads it anew.
    await select('tac-1')
    await select('tac-2')
    talk()
    await expect.poll(loudIn).toHaveLength(1)
    const [aside] = await loudIn()
    await select('tac-1')
    await expect.poll(loudIn).toHaveLength(1)
    await expect.poll(async () => (await loudIn())[0]).not.toBe(aside)
  })
})

describe('the space bar', () => {
  it('talks as long as it is held: the card says so in red and in words, and the radio hears it', async () => {
    await select()
    await page.keyboard.down('Space')
    await says('talking')
    expect(await card().getAttribute('data-tone')).toBe('tx')
    expect(await card().textContent()).toContain('本席发话')
    await isHeard()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.up('Space')
    await quiet()
  })

  it('talks in the wall’s own window, too, as urgently as the console says', async () => {
    await select()
    await page.locator('.dv-tab', { hasText: '视频墙' }).click()
    await page.getByRole('button', { name: '移到另一屏' }).click()
    const apart = await console.wallPage()
    await apart.getByRole('toolbar', { name: '视频墙' }).waitFor()
    await page.getByTestId('talk-bar').getByRole('button', { name: /紧急$/ }).click()
    await apart.keyboard.down('Space')
    await card().getByText('本席发话 · 紧急').waitFor()
    await isHeard()
    await apart.keyboard.up('Space')
    await quiet()
    await apart.keyboard.down('Space')
    await says('talking')
    expect(await card().textContent()).not.toContain('紧急')
    // Its window goes with the key down: nobody talks on.
    await page.getByRole('button', { name: '收回控制台' }).click()
    await quiet()
    await page.locator('.dv-tab', { hasText: '地图' }).click()
  })

  it('presses nothing else, whatever was clicked last', async () => {
    const mute = card().getByRole('button', { name: /静音 一信道$/ })
    await mute.click()
    await expect.poll(() => mute.getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.down('Space')
    await says('talking')
    await page.keyboard.up('Space')
    await quiet()
    expect(await mute.getAttribute('aria-pressed')).toBe('true')
    await mute.click()
  })

  it('writes a space where somebody types, and the bar says so; a function key talks there, too', async () => {
    const search = page.getByRole('textbox', { name: '搜索力量、辖区、号码或拼音' })
    await search.fill('a')
    await search.press('Space')
    expect(await search.inputValue()).toBe('a ')
    await page.getByText('正在输入:空格不发话').waitFor()
    expect(await card().getAttribute('data-line')).not.toBe('talking')
    await page.keyboard.down('F1')
    await says('talking')
    await page.keyboard.up('F1')
    await quiet()
    await search.fill('')
  })

  it('talks while a dialogue is open, and leaves it open', async () => {
    await page.getByRole('tree').focus()
    await page.keyboard.press('?')
    const dialogue = page.getByRole('dialog')
    await dialogue.waitFor()
    await page.keyboard.down('Space')
    await says('talking')
    await page.keyboard.up('Space')
    await quiet()
    expect(await dialogue.isVisible()).toBe(true)
    await page.keyboard.press('Escape')
  })

  it('is let go when the window loses the focus, though it is down still and repeats', async () => {
    await page.keyboard.down('Space')
    await says('talking')
    await page.evaluate(() => window.dispatchEvent(new Event('blur')))
    await quiet()
    await page.keyboard.down('Space')
    await page.keyboard.up('Space')
    expect(await card().getAttribute('data-line')).not.toBe('talking')
  })
})

describe('the buttons to talk with', () => {
  it('talk while the mouse is down, and not when it comes up somewhere else', async () => {
    const button = card('tac-2').getByRole('button', { name: /^在 二信道 发话/ })
    const box = await button.boundingBox()
    if (box === null) throw new Error('the button is not seen')
    await page.mouse.move(box.x + 5, box.y + 5)
    await page.mouse.down()
    await says('talking', 'tac-2')
    await page.mouse.move(700, 300)
    await page.mouse.up()
    await quiet('tac-2')
  })

  it('are let go when the system takes the touch away', async () => {
    const button = card('tac-2').getByRole('button', { name: /^在 二信道 发话/ })
    await button.hover()
    await page.mouse.down()
    await says('talking', 'tac-2')
    await button.dispatchEvent('pointercancel')
    await quiet('tac-2')
    await page.mouse.up()
  })

  it('give the next transmission the priority of an emergency, and only that one', async () => {
    const urgent = page.getByTestId('talk-bar').getByRole('button', { name: /紧急$/ })
    await urgent.click()
    await page.keyboard.down('Space')
    await says('talking')
    await card().getByText('本席发话 · 紧急').waitFor()
    expect(await urgent.getAttribute('aria-pressed')).toBe('false')
    await page.keyboard.up('Space')
    await quiet()
  })

  it('are reached with the keyboard, and talk while Enter is held', async () => {
    const big = page.getByTestId('talk-bar').getByRole('button', { name: /^发话(中)? Space$/ })
    await big.focus()
    await page.keyboard.down('Enter')
    await says('talking')
    expect(await big.getAttribute('aria-pressed')).toBe('true')
    await page.keyboard.up('Enter')
    await quiet()
  })

  it('stay down after one press, and come up with the next, where that was chosen', async () => {
    await page.getByRole('button', { name: '发话设置' }).click()
    await page.getByText('按一次开始,再按结束').click()
    await page.keyboard.press('Escape')
    await page.getByRole('tree').focus()
    await page.getByText('按空格开始,再按结束').waitFor()
    await page.keyboard.press('Space')
    await says('talking')
    await isHeard()
    await page.keyboard.press('Space')
    await quiet()
    await page.getByRole('button', { name: '发话设置' }).click()
    await page.getByText('按住发话', { exact: true }).click()
    await page.keyboard.press('Escape')
  })
})

describe('a foot switch', () => {
  it('is looked for until it is pressed, or the officer thinks better of it', async () => {
    await page.getByRole('button', { name: '发话设置' }).click()
    const settings = page.getByRole('region', { name: '发话设置' })
    await settings.getByRole('button', { name: '添加…' }).click()
    await settings.getByText('请按下并松开要添加的开关…').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await settings.getByRole('button', { name: '取消' }).click()
    await settings.getByRole('button', { name: '添加…' }).waitFor()
    await page.keyboard.press('Escape')
  })
})

describe('a unit with a radio', () => {
  it('is reached with one key on the channel on which it was heard last', async () => {
    talk()
    await says('receiving')
    await over?.()
    await select('tac-2')
    await page.keyboard.press('/')
    await page.keyboard.type(ENGINE)
    await page.locator('[data-key="unit/south-engine"]').click()
    await page.locator('[data-unit="south-engine"]').getByText('无线:一信道').waitFor()
    await page.getByRole('tree').focus()
    await page.keyboard.press('r')
    await expect.poll(() => name('tac-1').getAttribute('aria-pressed')).toBe('true')
    expect(await name('tac-2').getAttribute('aria-pressed')).toBe('false')
    expect(await accessibilityFaults(page)).toEqual([])
  })
})

describe('a roll-call on a channel', () => {
  it('ticks off whoever is heard, and the others by hand, goes on in a page that is loaded anew, and is kept', async () => {
    await page.getByRole('textbox', { name: '搜索力量、辖区、号码或拼音' }).fill('南区')
    await page.locator('[data-key="unit/south-engine"]').click()
    await page.locator('[data-key="unit/south-patrol"]').click({ modifiers: ['Control'] })
    await page.getByRole('button', { name: '在信道点名…' }).click()
    await page.getByRole('menuitem', { name: '一信道' }).click()
    const strip = () => page.getByTestId('radio-roll-call')
    await strip().getByText('应答 0/2').waitFor()
    talk()
    await strip().getByText('应答 1/2').waitFor()
    await over?.()
    await console.crashPage()
    page = console.page
    await strip().getByText('应答 1/2').waitFor()
    await strip().getByRole('button', { name: '南区巡逻' }).click()
    await strip().getByText('应答 2/2').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await strip().getByRole('button', { name: '结束并记录' }).click()
    await strip().waitFor({ state: 'detached' })
    expect(await page.locator('.ant-message-error').count()).toBe(0)
  })
})

describe('an alarm of a radio', () => {
  const alert = () => page.getByRole('alert').locator('[data-alarm]')
  let known: ReturnType<TestSeat['watchState']>
  beforeAll(() => {
    known = colleague.watchState()
  })
  const raise = async () => {
    const alarm = { id: randomUUID(), channel: 'tac-1', radio: ENGINE, at: Date.now() }
    await colleague.client.submit.mutate({ key: randomUUID(), command: { kind: 'alarm.raise', alarm } })
  }

  it('is seen and heard, and whoever types goes on typing', async () => {
    await page.evaluate(() => {
      const start = AudioBufferSourceNode.prototype.start
      AudioBufferSourceNode.prototype.start = function (...when) {
        if (this.loop) document.body.dataset.sounds = 'on and on'
        start.apply(this, when)
      }
    })
    const search = page.getByRole('textbox', { name: '搜索力量、辖区、号码或拼音' })
    await search.fill('')
    await search.pressSequentially('南')
    await raise()
    await alert().getByText('南区消防车').waitFor()
    await search.pressSequentially('区')
    expect(await search.inputValue()).toBe('南区')
    await expect.poll(() => page.locator('body').getAttribute('data-sounds')).toBe('on and on')
    expect(await card().getAttribute('data-alarmed')).toBe('true')
    expect(await card().textContent()).toContain('紧急报警')
    expect(await accessibilityFaults(page)).toEqual([])
    await search.fill('')
  })

  it('shows the unit when asked, and is over for everybody once it is acknowledged', async () => {
    await alert().getByRole('button', { name: '定位' }).click()
    const unit = page.locator('[data-unit="south-engine"]')
    await unit.getByText('未确认').waitFor()
    await alert().getByRole('button', { name: '确认' }).click()
    await alert().waitFor({ state: 'detached' })
    await unit.getByText('未确认').waitFor({ state: 'detached' })
    await expect.poll(() => Object.keys(known.state()?.radio.alarms ?? {})).toEqual([])
  })
})

describe('the log of a channel', () => {
  it('says who talked, when and for how long, and is found from the channel’s card', async () => {
    await card().getByRole('button', { name: '一信道:更多' }).click()
    await page.getByRole('button', { name: '通话记录', exact: true }).last().click()
    const log = page.getByTestId('radio-log')
    await log.getByText('南区消防车').first().waitFor()
    await log.getByTitle('席位发话').first().waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await log.getByRole('textbox', { name: '搜索力量、席位或电台' }).fill('92001')
    await log.getByTitle('席位发话').first().waitFor({ state: 'detached' })
    await log.getByText('南区消防车').first().waitFor()
  })
})

describe('a patch', () => {
  const form = () => page.getByRole('form', { name: '桥接' })
  const choose = async (...names: readonly string[]) => {
    await page.getByRole('button', { name: '桥接' }).click()
    for (const each of names) await form().getByRole('checkbox', { name: each }).check()
  }

  it('joins channels, says since when, and is undone with one click', async () => {
    await choose('一信道', '二信道')
    await form().getByRole('button', { name: '建立桥接(2)' }).click()
    const patch = page.locator('[data-patch]')
    await patch.getByText('二信道').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await choose('一信道', '二信道')
    await form().getByText('它们已经相互连通').waitFor()
    expect(await form().getByRole('button', { name: '建立桥接(2)' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await patch.getByRole('button', { name: '解除' }).click()
    await patch.waitFor({ state: 'detached' })
  })
})

describe('a page that crashes while its officer talks', () => {
  it('lets go of the key: nothing goes out any more', async () => {
    await page.getByRole('tree').focus()
    await page.keyboard.down('Space')
    await says('talking')
    await isHeard()
    const tools = await page.context().newCDPSession(page)
    // Nobody is left to answer.
    tools.send('Page.crash').catch(() => undefined)
    let before = -1
    const isSilent = () => {
      const now = packets()
      const silent = now === before
      before = now
      return silent
    }
    await expect.poll(isSilent, { interval: 10 * PACKET_MS }).toBe(true)
  })
})
