/** The theme's colours for what is drawn on canvas, read once a theme. */
export type Colours = (name: string) => string

export function readColours(): Colours {
  const styles = getComputedStyle(document.documentElement)
  const known = new Map<string, string>()
  return (name) => {
    const colour = known.get(name) ?? styles.getPropertyValue(name).trim()
    known.set(name, colour)
    return colour
  }
}
