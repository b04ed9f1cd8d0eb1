/** What the unit does, said by whoever is out there; and whether its position is told. */
import { type UnitState, unitStates } from '../contract/directory.ts'
import type { PositionState } from './position.ts'
import { type Language, texts } from './texts.ts'

interface DutyProps {
  readonly language: Language
  readonly state: UnitState
  readonly position: PositionState
  onState(state: UnitState): void
}

export function Duty({ language, state, position, onState }: DutyProps) {
  const t = texts[language]
  return (
    <section aria-label={t.state}>
      <fieldset className="states" aria-label={t.state}>
        {unitStates.map((each) => (
          <button key={each} type="button" aria-pressed={each === state} onClick={() => onState(each)}>
            {t.states[each]}
          </button>
        ))}
      </fieldset>
      <p className="dim" role="status">
        {t.position[state === 'off-duty' ? 'off' : position]}
      </p>
    </section>
  )
}
