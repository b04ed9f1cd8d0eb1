/** How loud it is on the channels, by channel. */
import { engine } from '../../app/engine.ts'
import { levelsFrom } from '../../app/levels.ts'

export const channelLevels = levelsFrom(engine.radio.levels)
