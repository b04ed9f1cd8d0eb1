/** Who is signed in on this phone, until they leave or the session is over. */
import * as z from 'zod'
import { idSchema } from '../contract/primitives.ts'

const NAME = 'watchfloor-session'
const sessionSchema = z.object({ token: z.string().min(1), account: idSchema })
export type FieldSession = z.infer<typeof sessionSchema>

export function keptSession(): FieldSession | null {
  try {
    return sessionSchema.parse(JSON.parse(localStorage.getItem(NAME) ?? 'null'))
  } catch {
    // Nobody, or what another version wrote.
    return null
  }
}

export function keepSession(session: FieldSession | null): void {
  if (session === null) localStorage.removeItem(NAME)
  else localStorage.setItem(NAME, JSON.stringify(session))
}
