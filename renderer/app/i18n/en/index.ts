/** English texts, a file a capability. A missing or superfluous key is a type error. */
import type { Texts } from '../index.ts'
import { attachments } from './attachments.ts'
import { audio } from './audio.ts'
import { console } from './console.ts'
import { directory } from './directory.ts'
import { field } from './field.ts'
import { incidents } from './incidents.ts'
import { map } from './map.ts'
import { radio } from './radio.ts'
import { rooms } from './rooms.ts'
import { selection } from './selection.ts'
import { session } from './session.ts'
import { sources } from './sources.ts'
import { supervision } from './supervision.ts'
import { telephony } from './telephony.ts'
import { threads } from './threads.ts'
import { wall } from './wall.ts'

export const en: Texts = {
  ...attachments,
  ...audio,
  ...console,
  ...directory,
  ...field,
  ...incidents,
  ...map,
  ...selection,
  ...radio,
  ...rooms,
  ...session,
  ...sources,
  ...supervision,
  ...telephony,
  ...threads,
  ...wall,
}
