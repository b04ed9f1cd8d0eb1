/** Which patches may be: none that lets anybody hear himself. Pure. */
import type { PatchEnd } from './seat-radio.ts'

/** How things stand besides the patches. */
export interface PatchSurroundings {
  /** Calls that hear one another already: one list a conference. */
  readonly conferences: readonly (readonly string[])[]
  /** What a channel is on the air: two of the same are one, whatever they are called. */
  mediumOf(channel: string): string
}

/**
 * Whether these ends can be joined besides the patches that are: not where two of them hear each other already, for
 * what one says would come back to it.
 */
export function makesLoop(
  patches: readonly (readonly PatchEnd[])[],
  ends: readonly PatchEnd[],
  surroundings: PatchSurroundings,
): boolean {
  const circles = circlesOf(patches, surroundings)
  const [first, ...others] = ends.map((end) => nodeOf(end, surroundings))
  return first !== undefined && others.some((other) => !circles.join(first, other))
}

/** The patches that make a loop with those before them, since calls have conferred. */
export function loopingPatches<P extends { readonly ends: readonly PatchEnd[] }>(
  patches: readonly P[],
  surroundings: PatchSurroundings,
): P[] {
  const kept: (readonly PatchEnd[])[] = []
  return patches.filter(({ ends }) => {
    const loops = makesLoop(kept, ends, surroundings)
    if (!loops) kept.push(ends)
    return loops
  })
}

/** The ends of all patches by who hears whom, each end once. */
export function joinedEnds(
  patches: readonly { readonly ends: readonly PatchEnd[] }[],
): (readonly PatchEnd[])[] {
  const names = { conferences: [], mediumOf: (channel: string) => channel }
  const circles = circlesOf(
    patches.map(({ ends }) => ends),
    names,
  )
  const found = new Map<string, Map<string, PatchEnd>>()
  for (const end of patches.flatMap(({ ends }) => ends)) {
    const node = nodeOf(end, names)
    const circle = circles.of(node)
    found.set(circle, (found.get(circle) ?? new Map()).set(node, end))
  }
  return [...found.values()].map((ends) => [...ends.values()])
}

function circlesOf(patches: readonly (readonly PatchEnd[])[], surroundings: PatchSurroundings): Circles {
  const circles = new Circles()
  for (const calls of surroundings.conferences)
    for (const call of calls) circles.join(`call ${calls[0]}`, `call ${call}`)
  for (const [first, ...others] of patches)
    for (const other of others)
      if (first !== undefined) circles.join(nodeOf(first, surroundings), nodeOf(other, surroundings))
  return circles
}

const nodeOf = (end: PatchEnd, { mediumOf }: PatchSurroundings): string =>
  end.kind === 'channel' ? `channel ${mediumOf(end.channel)}` : `call ${end.call}`

/** Union-find: who hears whom. */
class Circles {
  readonly #above = new Map<string, string>()

  of(node: string): string {
    let at = node
    for (let above = this.#above.get(at); above !== undefined; above = this.#above.get(at)) at = above
    return at
  }

  /** False if they were together already. */
  join(one: string, other: string): boolean {
    const [circle, otherCircle] = [this.of(one), this.of(other)]
    if (circle === otherCircle) return false
    this.#above.set(otherCircle, circle)
    return true
  }
}
