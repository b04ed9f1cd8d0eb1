/** A unit's symbol in lists and legends; the map's canvas draws the same shapes. */
import type { AgencyKind, UnitKind, UnitState } from '../../../contract/directory.ts'
import { agencyColour, agencyShapes, kindGlyphs, stateBadges } from './shapes.ts'

interface UnitSymbolProps {
  readonly agency: AgencyKind
  readonly kind?: UnitKind
  readonly state?: UnitState
  readonly stale?: boolean
}

export function UnitSymbol({ agency, kind = 'patrol', state = 'available', stale = false }: UnitSymbolProps) {
  const badge = stateBadges[state]
  const glyph = kindGlyphs[kind]
  const hollow = stale || state === 'off-duty'
  return (
    <svg width="16" height="16" viewBox="0 0 24 24" aria-hidden="true" style={{ flex: 'none' }}>
      <path
        d={agencyShapes[agency]}
        fill={hollow ? 'none' : `var(${agencyColour(agency)})`}
        stroke={hollow ? 'var(--stale)' : 'var(--symbol-line)'}
        strokeWidth={hollow ? 2.5 : 1.5}
        strokeDasharray={stale ? '4 3' : undefined}
      />
      {glyph !== undefined && (
        <path d={glyph} fillRule="evenodd" fill={hollow ? 'var(--stale)' : 'var(--symbol-line)'} />
      )}
      {badge !== undefined && !stale && (
        <path d={badge.path} fill={`var(${badge.colour})`} stroke="var(--symbol-line)" strokeWidth="1" />
      )}
    </svg>
  )
}
