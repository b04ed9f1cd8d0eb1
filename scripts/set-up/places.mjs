/** Where things are: this repository, and what is kept between runs outside it. */
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const caches = {
  win32: () => process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'),
  darwin: () => join(homedir(), 'Library', 'Caches'),
}

/** Survives a fresh clone: downloads and builds that take long. */
export const cache = join(
  process.env.XDG_CACHE_HOME ?? caches[process.platform]?.() ?? join(homedir(), '.cache'),
  'watchfloor',
)
