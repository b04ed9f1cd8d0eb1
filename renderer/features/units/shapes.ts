/** What units look like: an agency's shape first, its colour second, the kind inside, the state as a badge. In a box of 24 by 24. */
import type { AgencyKind, UnitKind, UnitState } from '../../../contract/directory.ts'

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

/** Inside the outline, in the colour of its edge; a patrol, the commonest kind, has none. */
export const kindGlyphs: Readonly<Record<UnitKind, string | undefined>> = {
  patrol: undefined,
  person: 'M12 7.2a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4ZM8.2 17a3.8 4 0 0 1 7.6 0Z',
  vehicle: 'M7.5 10h9a1 1 0 0 1 1 1v3a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-3a1 1 0 0 1 1-1Z',
  drone:
    'M8.4 9.8L9.8 8.4L12 10.6L14.2 8.4L15.6 9.8L13.4 12L15.6 14.2L14.2 15.6L12 13.4L9.8 15.6L8.4 14.2L10.6 12Z',
  post: 'M8.5 8.5h7v7h-7ZM10.5 10.5v3h3v-3Z',
}

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
