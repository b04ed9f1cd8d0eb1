/** The page: first its line to the engine and the sound, then all that is seen, which takes longer to load. */

import { joinPages } from './app/between-pages.ts'
import { followEngine } from './app/follow.ts'
import { startSound } from './audio/voice-first.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
followEngine()
joinPages()
await startSound()
const [{ show }, { App }] = await Promise.all([import('./app/show.tsx'), import('./app/app.tsx')])
show(root, App)
