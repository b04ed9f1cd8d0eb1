/** The radio, as a component uses it. */
import { engine } from '../../app/engine.ts'
import { useDoing } from '../../app/use-doing.ts'

export const useRadio = () => useDoing(engine.radio)
