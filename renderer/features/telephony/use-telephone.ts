/** The telephone, as a component uses it. */
import { engine } from '../../app/engine.ts'
import { useDoing } from '../../app/use-doing.ts'

export type TelephoneClient = typeof engine.telephone

export const useTelephone = () => useDoing(engine.telephone)
