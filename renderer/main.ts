/** The page: first its line to the engine and the sound, then all that is seen, which takes longer to load. */
import { followEngine } from './app/follow.ts'
import { startSound } from './audio/voice-first.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
followEngine()
await startSound()
const { show } = await import('./app/show.tsx')
show(root)
