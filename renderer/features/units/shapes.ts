/** What units look like: an agency's shape first, its colour second, the state as a badge. In a box of 24 by 24. */
import type { AgencyKind, UnitState } from '../../../contract/directory.ts'

/** Outlines as SVG path data. */
export const agencyShapes: Readonly<Record<AgencyKind, string>> = {
  police: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18Z',
  fire: 'M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1Z',
  medical: 'M8.5 3h7v5.5H21v7h-5.5V21h-7v-5.5H3v-7h5.5Z',
  'urban-management': 'M12 2l10 10l-10 10L2 12Z',
  'operation-centre': 'M12 2.5l9.5 7l-3.6 11.2H6.1L2.5 9.5Z',
  other: 'M12 3l10 17.5H2Z',
}

/** The custom property of the theme that holds an agency's colour. */
export const agencyColour = (agency: AgencyKind): string => `--${agency}`

export interface BadgeLook {
  readonly path: string
  /** A custom property of the theme. */
  readonly colour: string
}

/** Drawn over the upper right corner; an available unit has none. */
export const stateBadges: Readonly<Record<UnitState, BadgeLook | undefined>> = {
  available: undefined,
  'en-route': { path: 'M15 1l8 4.5l-8 4.5Z', colour: '--select' },
  'on-scene': { path: 'M15 1.5h8v8h-8Z', colour: '--ok' },
  busy: { path: 'M19 1a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9Z', colour: '--warn' },
  'off-duty': { path: 'M15 4h8v3h-8Z', colour: '--stale' },
}
