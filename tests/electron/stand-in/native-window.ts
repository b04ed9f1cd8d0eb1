/** The window around a page on a real screen: put where the app wants it, and watched for what the user does to it. */
import { browser, type Page } from './browser.ts'
import { complain } from './cdp.ts'
import type { Size } from './host.ts'

export interface Rectangle extends Size {
  readonly x: number
  readonly y: number
}

export type WindowState = 'normal' | 'maximized' | 'minimized' | 'fullscreen'

/** No event tells when a window was moved. */
const LOOK_EVERY_MS = 1_000

export class NativeWindow {
  readonly #windowId: number
  readonly #looking: NodeJS.Timeout
  /** Orders, one after the other. */
  #done: Promise<unknown> = Promise.resolve()

  private constructor(windowId: number, seen: (bounds: Rectangle, state: WindowState) => void) {
    this.#windowId = windowId
    this.#looking = setInterval(() => this.#look(seen), LOOK_EVERY_MS).unref()
  }

  /** `seen` is told every second how the window is. */
  static async around(
    page: Page,
    seen: (bounds: Rectangle, state: WindowState) => void,
  ): Promise<NativeWindow> {
    const { cdp } = await browser()
    const { windowId } = await cdp.send('Browser.getWindowForTarget', { targetId: page.id })
    const window = new NativeWindow(windowId, seen)
    page.session.once('close', () => clearInterval(window.#looking))
    return window
  }

  place({ x, y, width, height }: Rectangle, state: WindowState): void {
    this.#order(async () => {
      // Where a window is can be said of a normal one only.
      await this.#set({ windowState: 'normal' })
      await this.#set({ left: x, top: y, width, height })
      if (state !== 'normal') await this.#set({ windowState: state })
    })
  }

  #look(seen: (bounds: Rectangle, state: WindowState) => void): void {
    this.#order(async () => {
      const { cdp } = await browser()
      const { bounds } = await cdp.send('Browser.getWindowBounds', { windowId: this.#windowId })
      const { left = 0, top = 0, width = 0, height = 0, windowState = 'normal' } = bounds
      seen({ x: left, y: top, width, height }, windowState)
    })
  }

  #order(work: () => Promise<void>): void {
    this.#done = this.#done.then(work).catch(complain)
  }

  async #set(bounds: object): Promise<void> {
    const { cdp } = await browser()
    await cdp.send('Browser.setWindowBounds', { windowId: this.#windowId, bounds })
  }
}
