/** A site file whose every text is an attack: it is shown as the text it is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { openConsole, signInAs, type TestConsole } from './console.ts'

const attacks = {
  image: '<img src=x onerror=alert(1)>',
  script: '"><script>alert(2)</script>',
  template: '{{constructor.constructor("alert(3)")()}} $t(app.name)',
  svg: '\'"`><svg onload=alert(4)>',
}
const password = 'watchfloor-demo'
const site = {
  site: { id: 'hostile', name: attacks.image, centre: [32.05, 118.78], demo: true },
  basemaps: [
    {
      kind: 'tiles',
      id: 'map',
      name: attacks.script,
      attribution: attacks.svg,
      layers: [{ url: 'http://127.0.0.1:1/{z}/{x}/{y}.png' }],
    },
  ],
  areas: [
    {
      id: 'city',
      name: attacks.script,
      areas: [{ id: 'north', name: attacks.template, centre: [32.06, 118.78] }],
    },
  ],
  agencies: [{ id: 'police', name: attacks.svg, kind: 'police' }],
  units: [
    {
      id: 'patrol-1',
      name: attacks.image,
      agency: 'police',
      area: 'north',
      note: attacks.script,
      terminals: [{ kind: 'owntracks', user: '<b>user', device: '"><i>' }],
    },
  ],
  accounts: [{ id: 'duty', name: attacks.svg, role: 'duty-officer', password }],
}

let console: TestConsole
beforeAll(async () => {
  console = await openConsole({ site: stringify(site) })
})
afterAll(() => console?.close())

const shown = (text: string) => expect.poll(() => console.page.locator('body').innerText()).toContain(text)

describe('a hostile site file', () => {
  it('is text at the sign-in', async () => {
    await shown(attacks.image)
    await shown(attacks.svg)
  })

  it('is text in the directory, on the card and in the layers', async () => {
    const { page } = console
    await signInAs(page, 'duty')
    await shown(attacks.script)
    const tree = page.getByRole('tree')
    await tree.focus()
    await page.keyboard.press('Home')
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await shown(attacks.template)
    await page.locator('[data-unit="patrol-1"]').waitFor()
    await shown(attacks.image)
    await page.keyboard.press('l')
    await page.getByRole('radio', { name: attacks.script }).waitFor()
    await page.keyboard.press('g')
    await page.getByRole('combobox', { name: /前往|地点/ }).fill('constructor')
    await shown(attacks.template)
  })

  it('has run nothing and put no element of its own into the page', async () => {
    const { page } = console
    expect(
      await page
        .locator('img[src="x"], svg[onload], body script:not([src]), b, i:not([class]):not([aria-hidden])')
        .count(),
    ).toBe(0)
    expect(console.complaints).toEqual([])
  })
})
