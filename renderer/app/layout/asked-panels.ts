/** Lets whoever has something to show there ask the dock for a panel. */
const listeners = new Set<(panel: string) => void>()

export function askForPanel(panel: string): void {
  for (const listener of listeners) listener(panel)
}

export function onPanelAsked(listener: (panel: string) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
