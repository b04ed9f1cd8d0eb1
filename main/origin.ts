/** Where the console's page lives: a scheme of its own, served by main and nobody else. */

export const SCHEME = 'app'
export const ORIGIN = `${SCHEME}://console`
export const pageUrls = { console: `${ORIGIN}/index.html`, wall: `${ORIGIN}/wall.html` } as const

/** `new URL(…).origin` is "null" for schemes Node does not know. Undefined for what is no address. */
export function originOf(url: string): string | undefined {
  const parsed = URL.parse(url)
  return parsed === null ? undefined : `${parsed.protocol}//${parsed.host}`
}
