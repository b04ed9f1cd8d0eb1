/** What is offered is fetched within this. */
const FETCHED_WITHIN_MS = 60_000

/** Offers something as a file; where to is asked by the system. */
export function offerFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Taken back at once it has no name, or is nothing at all, where the machine is busy.
  window.setTimeout(() => URL.revokeObjectURL(url), FETCHED_WITHIN_MS)
}
