/** The cameras of the city: a few of the site's sources are there, and see a street by day, by night or in the rain. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SiteDocument } from '../../contract/site.ts'
import { openCamera } from './camera.ts'
import { readIvf } from './ivf.ts'

/** More than a wall shows, and little enough for a laptop. */
const MOST = 12
const SCENES = ['day', 'night', 'rain']
/** They come one after another: a console starts meanwhile. */
const APART_MS = 250

/** `hub` is ws://host:port/seat. Returns what ends them. */
export async function openCityCameras(
  { sources }: SiteDocument,
  hub: string,
  resources: string,
): Promise<() => void> {
  const clips = await Promise.all(
    SCENES.map(async (name) => readIvf(await readFile(join(resources, 'lab-scenes', `${name}.ivf`)))),
  )
  const ends: (() => void)[] = []
  const publishing = sources.filter(({ feed, password }) => feed.kind === 'whip' && password !== undefined)
  // From all over the list, so that there are some of each kind.
  const every = Math.ceil(publishing.length / MOST)
  const timers = publishing
    .filter((_, nth) => nth % every === 0)
    .map(({ source, password = '' }, nth) =>
      setTimeout(() => {
        const clip = clips[nth % clips.length]
        const url = new URL(`/whip/${source.id}`, hub.replace(/^ws/, 'http')).href
        if (clip !== undefined) ends.push(openCamera({ url, token: password, clip, from: nth * 7 }))
      }, nth * APART_MS),
    )
  return () => {
    for (const timer of timers) clearTimeout(timer)
    for (const end of ends) end()
  }
}
