/** Lets the menu ask the dock for its first layout. */
const listeners = new Set<() => void>()

export function resetLayout(): void {
  for (const listener of listeners) listener()
}

export function onLayoutReset(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
