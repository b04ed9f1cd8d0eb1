/** What several hubs on one database say to one another at once, and which of them is the first. */
import type { Watched } from '../../contract/watched.ts'

export interface HubBus {
  /** One of them at most is the first at any moment; when it is gone, another becomes it. */
  readonly first: Watched<boolean>
  /** Whether `first` is still to be believed: not where this process stood still for a while, and has yet to hear. */
  readonly sure: boolean
  /** To all hubs, this one too: at most 7,900 octets. What can't be said is lost: whoever needs it hears that nothing is said any more. */
  say(message: string): void
  /** Returns its own undoing. */
  onMessage(listener: (message: string) => void): () => void
  close(): Promise<void>
}
