/** Two soft notes when something of one's own becomes overdue: heard once for each, and only by who has to do with it. */
import { useEffect, useRef } from 'react'
import { useApp } from '../../app/store.ts'
import { playOn } from '../../audio/output.ts'
import { isMine } from './board.ts'

const RATE = 48_000
const notes = [
  { hz: 660, from: 0 },
  { hz: 495, from: 0.22 },
]
const NOTE_S = 0.2
const RAMP_S = 0.03
const LOUDNESS = 0.25

export function useOverdueTone(): void {
  const { live, tasks } = useApp(({ shared }) => shared.state.incidents)
  const known = useApp(({ shared }) => shared.known)
  const account = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account.id : undefined,
  )
  const heard = useRef<ReadonlySet<string>>(undefined)
  useEffect(() => {
    if (!known || account === undefined) return
    const late = new Set(
      [
        ...Object.values(live).map((incident) => ({ incident, ...incident })),
        ...Object.values(tasks).map((task) => ({ ...task, incident: live[task.incident] })),
      ].flatMap(({ incident, id, state, overdue }) =>
        overdue && incident !== undefined && isMine(incident, account) ? [`${id} ${state}`] : [],
      ),
    )
    const before = heard.current
    heard.current = late
    // What was overdue when one came is seen, not heard.
    if (before !== undefined && [...late].some((one) => !before.has(one)))
      // A seat without sound has nothing to play it on; it is seen all the same.
      playOn('ring', tone(), 1).catch(() => undefined)
  }, [live, tasks, known, account])
}

function tone(): AudioBuffer {
  const length = Math.ceil(RATE * (NOTE_S + Math.max(...notes.map(({ from }) => from))))
  const buffer = new AudioBuffer({ length, sampleRate: RATE })
  const samples = buffer.getChannelData(0)
  for (const { hz, from } of notes)
    for (let at = 0; at < NOTE_S * RATE; at++) {
      const seconds = at / RATE
      const ramp = Math.min(1, seconds / RAMP_S, (NOTE_S - seconds) / RAMP_S)
      const place = Math.floor(from * RATE) + at
      samples[place] = (samples[place] ?? 0) + LOUDNESS * ramp * Math.sin(2 * Math.PI * hz * seconds)
    }
  return buffer
}
