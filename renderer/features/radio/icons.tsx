/** The signs on a channel's buttons. */
const strokes = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const

const loudspeaker = 'M2 6h2.5L8 3v10L4.5 10H2Z'

/** A loudspeaker, crossed out where it is silent. */
export function SpeakerIcon({ silent }: { silent: boolean }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" {...strokes}>
      <path d={loudspeaker} />
      <path d={silent ? 'M10.5 6l4 4M14.5 6l-4 4' : 'M10.5 6a3 3 0 0 1 0 4M12.5 4a5.6 5.6 0 0 1 0 8'} />
    </svg>
  )
}

export function MoreIcon() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">
      <circle cx="3" cy="8" r="1.5" />
      <circle cx="8" cy="8" r="1.5" />
      <circle cx="13" cy="8" r="1.5" />
    </svg>
  )
}

const bars = [0, 1, 2, 3]

/** `strength`: 0 to 1. */
export function SignalIcon({ strength }: { strength: number }) {
  const full = Math.max(1, Math.ceil(strength * bars.length))
  return (
    <svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true" fill="currentColor">
      {bars.map((bar) => (
        <rect
          key={bar}
          x={bar * 3.6}
          y={9 - bar * 3}
          width="2.6"
          height={3 + bar * 3}
          opacity={bar < full ? 1 : 0.25}
        />
      ))}
    </svg>
  )
}
