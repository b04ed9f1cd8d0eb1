/**
 * Lets through what comes one by one, as it comes; of a burst the first few, and the rest together as soon as the page
 * has drawn breath. React gives up on a page that is told of fifty changes, one after another, before it could draw what
 * the first of them led to: a page that was busy for a moment finds that many waiting.
 */
const AT_ONCE = 10

export function inBreaths<T>(take: (one: T) => void): (one: T) => void {
  const { port1, port2 } = new MessageChannel()
  let since = 0
  let waiting: T[] = []
  port1.onmessage = () => {
    const all = waiting
    since = 0
    waiting = []
    for (const one of all)
      try {
        take(one)
      } catch (error) {
        // One that can't be taken does not take the others with it.
        reportError(error)
      }
  }
  return (one) => {
    since++
    if (since <= AT_ONCE) take(one)
    else waiting.push(one)
    // It comes after all that waits for the page by then.
    if (since === 1) port2.postMessage(null)
  }
}
