/** Selecting units by shapes, areas and nearness, with the mouse and without. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, openConsole, signInAs, type TestConsole } from './console.ts'

let console: TestConsole
beforeAll(async () => {
  console = await openConsole()
  await signInAs(console.page, 'duty-1')
})
afterAll(() => console?.close())

const tools = () => console.page.getByRole('region', { name: '圈选工具' })
const shape = (name: string) => tools().getByRole('button', { name, exact: true })
const combining = (name: string) => tools().getByText(name, { exact: true }).click()

/** How many were found, and how many are selected. */
async function counts(): Promise<{ found: number; selected: number }> {
  const [, found, selected] =
    /圈中 (\d+) 个,已选 (\d+) 个/.exec((await tools().getByRole('status').textContent()) ?? '') ?? []
  return { found: Number(found), selected: Number(selected) }
}
/** A point of the map, in shares of its width and height. */
async function at(across: number, down: number): Promise<[number, number]> {
  const box = await console.page.getByTestId('map').boundingBox()
  return [(box?.x ?? 0) + (box?.width ?? 0) * across, (box?.y ?? 0) + (box?.height ?? 0) * down]
}
async function drag(...points: readonly (readonly [number, number])[]): Promise<void> {
  const { mouse } = console.page
  const [first = [0, 0], ...rest] = points
  await mouse.move(...(await at(...(first as [number, number]))))
  await mouse.down()
  for (const point of rest) await mouse.move(...(await at(...(point as [number, number]))), { steps: 8 })
  await mouse.up()
}
async function click(...points: readonly (readonly [number, number])[]): Promise<void> {
  for (const point of points) {
    const [x, y] = await at(...(point as [number, number]))
    await console.page.mouse.move(x, y, { steps: 4 })
    await console.page.mouse.click(x, y)
  }
}

describe('units', () => {
  it('in a box that is dragged are selected', async () => {
    const map = console.page.getByTestId('map')
    await expect.poll(async () => Number(await map.getAttribute('data-units'))).toBeGreaterThan(200)
    await console.page.keyboard.press('a')
    await shape('框').click()
    await drag([0.35, 0.5], [0.9, 0.9])
    await expect.poll(async () => (await counts()).found).toBeGreaterThan(5)
    const { found, selected } = await counts()
    expect(selected).toBe(found)
    await console.page.getByTestId('selection').getByText(`已选 ${selected}`).waitFor()
  })

  it('in a circle are taken out of the selection, and more of them in a wider one', async () => {
    const before = (await counts()).selected
    await combining('减去')
    await shape('圆').click()
    await drag([0.6, 0.7], [0.65, 0.7])
    const radius = tools().getByRole('spinbutton', { name: '半径' })
    await radius.waitFor()
    const narrow = (await counts()).selected
    expect(narrow).toBeLessThanOrEqual(before)
    await radius.fill('60000')
    await expect.poll(async () => (await counts()).selected).toBe(0)
  })

  it('along a road are selected, and more of them along a wider one', async () => {
    await combining('替换')
    await shape('沿线').click()
    await click([0.35, 0.55], [0.6, 0.75], [0.9, 0.6])
    await console.page.keyboard.press('Enter')
    const width = tools().getByRole('spinbutton', { name: '宽度' })
    await expect.poll(async () => (await counts()).found).toBeGreaterThanOrEqual(0)
    await width.fill('3000')
    await expect.poll(async () => (await counts()).found).toBeGreaterThan(5)
    const wide = (await counts()).found
    await width.fill('100')
    await expect.poll(async () => (await counts()).found).toBeLessThan(wide)
  })

  it('within corners, and within a line drawn by hand, are selected', async () => {
    await shape('多边形').click()
    await click([0.4, 0.55], [0.9, 0.55], [0.9, 0.9], [0.4, 0.9])
    await console.page.keyboard.press('Enter')
    await expect.poll(async () => (await counts()).found).toBeGreaterThan(5)
    await combining('相交')
    await shape('手绘').click()
    await drag([0.5, 0.6], [0.8, 0.6], [0.8, 0.85], [0.5, 0.85], [0.5, 0.61])
    const { found, selected } = await counts()
    expect(selected).toBeLessThanOrEqual(found)
  })

  it('are filtered by what they are, and what was found is found anew', async () => {
    const { page } = console
    await combining('替换')
    await tools().getByRole('button', { name: '视野内' }).click()
    const all = (await counts()).found
    await tools().getByRole('button', { name: '筛选' }).click()
    await page.getByRole('combobox', { name: '单位类别' }).fill('消防')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await counts()).found).toBeLessThan(all)
    expect((await counts()).found).toBeGreaterThan(0)
    await page.getByRole('button', { name: '清除筛选' }).click()
    await expect.poll(async () => (await counts()).found).toBe(all)
    await tools().getByRole('button', { name: '筛选' }).click()
    await page.getByRole('button', { name: '清除筛选' }).waitFor({ state: 'hidden' })
    expect(await accessibilityFaults(page)).toEqual([])
  })

  it('nearest to the middle of the map are selected without a mouse', async () => {
    const { page } = console
    await tools().getByRole('button', { name: '最近', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('spinbutton', { name: '最近几个' }).fill('3')
    await page.keyboard.press('Enter')
    await expect.poll(async () => (await counts()).selected).toBe(3)
  })

  it('are kept under a name, and selected by it again', async () => {
    const { page } = console
    await tools().getByRole('button', { name: '已存' }).click()
    await page.getByRole('textbox', { name: '名称' }).fill('中心三组')
    await page.keyboard.press('Enter')
    await expect.poll(() => console.keptSettings().selections['duty-1']?.[0]?.name).toBe('中心三组')
    expect(console.keptSettings().selections['duty-1']?.[0]?.units).toHaveLength(3)
    await tools().getByRole('button', { name: '视野内' }).click()
    await expect.poll(async () => (await counts()).selected).toBeGreaterThan(3)
    await tools().getByRole('button', { name: '已存' }).click()
    await page.getByRole('button', { name: /^中心三组/ }).click()
    await expect.poll(async () => (await counts()).selected).toBe(3)
  })

  it('of a whole area are selected from the tree, with the keyboard alone', async () => {
    const { page } = console
    const tree = page.getByRole('tree')
    await tree.focus()
    await page.keyboard.press('Home')
    const row = page.locator('[data-key^="area/"]').first()
    const units = Number((await row.textContent())?.match(/(\d+)\s*$/)?.[1])
    await page.keyboard.press('Control+Enter')
    await expect.poll(async () => (await counts()).selected).toBe(units)
  })

  it('stay selected when the tools are put away, and a click on the map is a click again', async () => {
    const { page } = console
    await shape('框').click()
    await page.keyboard.press('Escape')
    expect(await shape('框').getAttribute('aria-pressed')).toBe('false')
    await page.keyboard.press('Escape')
    await tools().waitFor({ state: 'detached' })
    await page.getByTestId('selection').waitFor()
  })

  it('complained of nothing', () => {
    expect(console.complaints).toEqual([])
  })
})
