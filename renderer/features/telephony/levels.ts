/** How loud the other sides of calls are, by call. */
import { engine } from '../../app/engine.ts'
import { levelsFrom } from '../../app/levels.ts'

export const callLevels = levelsFrom(engine.telephone.levels)
