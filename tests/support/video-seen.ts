/** What a page sees and hears of what a hub passes on. */
import { expect } from 'vitest'
import type { MediaKind } from '../../contract/peers.ts'
import type { SourcesTelling } from '../../contract/sources.ts'
import type { VideoInPage } from './video-page.ts'
import type { Attending } from './video-seat.ts'

/** The producer of a source's picture, or of its sound, as soon as there is one. */
export async function trackOf(
  { tellings }: Attending<SourcesTelling>,
  source: string,
  kind: MediaKind = 'video',
): Promise<string> {
  const find = () =>
    tellings
      .findLast((telling) => telling.kind === 'watched')
      ?.sources.find((watched) => watched.source === source)
      ?.tracks.find((track) => track.kind === kind)?.producer
  await expect.poll(find).toBeDefined()
  return find() ?? ''
}

/** Pictures come, and go on coming. */
export const expectPicture = (
  page: VideoInPage,
  { welcome }: Pick<Attending<unknown>, 'welcome'>,
  producer: string,
) => expectMore(async () => (await page.seen(welcome, producer))?.frames ?? 0)

/** Sound comes, and goes on coming. */
export const expectSound = (
  page: VideoInPage,
  { welcome }: Pick<Attending<unknown>, 'welcome'>,
  producer: string,
) => expectMore(async () => (await page.seen(welcome, producer))?.energy ?? 0)

async function expectMore(look: () => Promise<number>): Promise<void> {
  await expect.poll(look).toBeGreaterThan(0)
  const before = await look()
  await expect.poll(look).toBeGreaterThan(before)
}
