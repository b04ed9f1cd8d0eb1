/** Screens that are shown in rooms: what there is, and which one the page gets when it asks for one. */
import { type DesktopCapturerSource, desktopCapturer, type Session, type Streams } from 'electron'
import { Refusal } from '../contract/refusal.ts'
import type { ShownScreen } from '../contract/screens.ts'
import { ORIGIN, originOf } from './origin.ts'

/** A choice that the page has not made use of by then is void. */
const VALID_MS = 10_000
const MOST = 60
const thumbnailSize = { width: 320, height: 180 }

export interface Screens {
  list(): Promise<ShownScreen[]>
  choose(id: string): Promise<void>
}

/** There is no other way to say no (electron/electron#47981): the page's request fails, and the answer throws. */
function refuse(answer: (streams: Streams) => void): void {
  try {
    answer({})
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}

/** The page gets what was chosen, once, and nothing else: whatever runs in it can't look at the screen by itself. */
export function openScreens(session: Session): Screens {
  let chosen: { readonly source: DesktopCapturerSource; readonly until: number } | undefined

  session.setDisplayMediaRequestHandler(({ frame, videoRequested, audioRequested }, answer) => {
    const given = chosen
    chosen = undefined
    const allowed =
      given !== undefined &&
      performance.now() < given.until &&
      originOf(frame?.url ?? '') === ORIGIN &&
      videoRequested &&
      !audioRequested
    if (allowed) answer({ video: given.source })
    else refuse(answer)
  })

  return {
    list: async () => {
      const sources = await desktopCapturer.getSources({ types: ['screen', 'window'], thumbnailSize })
      return sources.slice(0, MOST).map(({ id, name, thumbnail }) => ({
        id,
        kind: id.startsWith('screen:') ? 'screen' : 'window',
        name: name.slice(0, 300),
        picture: thumbnail.isEmpty() ? null : thumbnail.toDataURL(),
      }))
    },
    choose: async (id) => {
      const none = { width: 0, height: 0 }
      const sources = await desktopCapturer.getSources({ types: ['screen', 'window'], thumbnailSize: none })
      const source = sources.find((each) => each.id === id)
      if (source === undefined) throw new Refusal('not-found', { id })
      chosen = { source, until: performance.now() + VALID_MS }
    },
  }
}
