/** The patches of a seat: made, heard through, undone. */
import { randomUUID } from 'node:crypto'
import {
  joinedEnds,
  loopingPatches,
  makesLoop,
  type PatchSurroundings,
} from '../../../contract/patch-rules.ts'
import type { Id, Instant } from '../../../contract/primitives.ts'
import { Refusal } from '../../../contract/refusal.ts'
import type { Patch, PatchEnd, UndonePatch } from '../../../contract/seat-radio.ts'
import type { Leg } from '../media/leg.ts'
import type { RadioChannel } from './channel.ts'
import type { OpenPatchEnd } from './patch-end.ts'
import { CallEnd, channelEnd } from './patch-ends.ts'
import { PatchedVoice } from './patched-voice.ts'

/** What was undone by itself is shown until so many newer ones were. */
const MOST_UNDONE = 8

/** What patches need of the telephone. */
export interface PatchableCalls {
  /** See `SeatTelephone.joinIn`. */
  joinIn(call: string, leg: Leg, onCallOver: () => void): Promise<() => void>
  /** Calls that are in one conversation, a list each. */
  conferences(): readonly (readonly string[])[]
  /** Calls may have conferred. Returns its own undoing. */
  onConferences(listener: () => void): () => void
}

export interface PatchBayOptions {
  readonly clock: () => Instant
  readonly channels: ReadonlyMap<Id, RadioChannel>
  readonly calls: PatchableCalls
  mayPatch(channel: RadioChannel): boolean
  onMade(patch: Patch): void
  onUndone(patch: Patch, why: UndonePatch['why']): void
  onChange(): void
}

interface OpenEnd {
  readonly end: OpenPatchEnd
  readonly leave: () => void
}

export class PatchBay {
  readonly #options: PatchBayOptions
  readonly #ends = new Map<string, OpenEnd>()
  #patches: readonly Patch[] = []
  #undone: readonly UndonePatch[] = []
  #seated: Id | null = null
  readonly #lost: { readonly account: Id; readonly undone: UndonePatch }[] = []
  #voices: readonly PatchedVoice[] = []
  /** Ends of a patch that is being made. */
  #opened: string[] = []
  /** One is made after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  readonly #stopConferences: () => void

  constructor(options: PatchBayOptions) {
    this.#options = options
    this.#stopConferences = options.calls.onConferences(() => this.look())
  }

  get patches(): readonly Patch[] {
    return this.#patches
  }

  get undone(): readonly UndonePatch[] {
    return this.#undone
  }

  /** Resolves with its id. Rejects with a `Refusal` where an end can't be joined, or would hear itself. */
  patch(ends: readonly PatchEnd[]): Promise<string> {
    const made = this.#turn.then(() => this.#make(ends))
    this.#turn = made.catch(() => undefined)
    return made
  }

  /** One that is undone already stays it. */
  unpatch(id: string): void {
    this.#undo(({ id: each }) => each === id, 'officer')
  }

  /** Channels or calls have come or gone, rights may have, or calls have conferred. */
  look(): void {
    const { channels, mayPatch } = this.#options
    const lacks = (end: PatchEnd) => end.kind === 'channel' && !channels.has(end.channel)
    this.#undo(({ ends }) => ends.some(lacks), 'channel-gone')
    const barred = (end: PatchEnd) => {
      const channel = end.kind === 'channel' ? channels.get(end.channel) : undefined
      return channel !== undefined && !mayPatch(channel)
    }
    this.#undo(({ ends }) => ends.some(barred), 'not-allowed')
    const looping = new Set(loopingPatches(this.#patches, this.#surroundings()))
    this.#undo((patch) => looping.has(patch), 'loop')
  }

  /** What one officer has joined is not the next one's; what that one has lost is. */
  clear(account: Id | null): void {
    this.#undo(() => true, 'signed-out')
    this.#undone = this.#lost.filter((lost) => lost.account === account).map(({ undone }) => undone)
    this.#seated = account
  }

  /** An engine before this had it when it was killed. */
  lost(account: Id, undone: UndonePatch): void {
    this.#lost.push({ account, undone })
    if (account !== this.#seated) return
    this.#undone = [...this.#undone, undone]
    this.#options.onChange()
  }

  close(): void {
    this.#stopConferences()
    this.clear(null)
  }

  async #make(ends: readonly PatchEnd[]): Promise<string> {
    this.#check(ends)
    try {
      for (const end of ends) if (await this.#open(end)) this.#opened.push(nameOf(end))
      // Others may have gone, or conferred, while a call was joined.
      this.#check(ends)
      const patch = { id: randomUUID(), ends, since: this.#options.clock() }
      this.#patches = [...this.#patches, patch]
      this.#options.onMade(patch)
      return patch.id
    } finally {
      this.#opened = []
      this.#join()
    }
  }

  #check(ends: readonly PatchEnd[]): void {
    for (const end of ends) {
      if (end.kind !== 'channel') continue
      const channel = this.#options.channels.get(end.channel)
      if (channel === undefined) throw new Refusal('no-channel')
      if (!this.#options.mayPatch(channel)) throw new Refusal('forbidden', { capability: 'patch' })
    }
    const present = this.#patches.map((patch) => patch.ends)
    if (makesLoop(present, ends, this.#surroundings())) throw new Refusal('patch-loop')
  }

  /** False if it was open already, for another patch. */
  async #open(end: PatchEnd): Promise<boolean> {
    const name = nameOf(end)
    if (this.#ends.has(name)) return false
    const clock = () => performance.now()
    if (end.kind === 'channel') {
      const channel = this.#options.channels.get(end.channel)
      if (channel === undefined) throw new Refusal('no-channel')
      this.#ends.set(name, { end: channelEnd(channel, clock), leave: () => undefined })
      return true
    }
    const call = new CallEnd(clock)
    const leave = await this.#options.calls.joinIn(end.call, call.leg, () => {
      this.#undo(({ ends }) => ends.some((each) => nameOf(each) === name), 'call-over')
    })
    this.#ends.set(name, { end: call, leave })
    return true
  }

  #shut(name: string): void {
    const open = this.#ends.get(name)
    this.#ends.delete(name)
    open?.end.close()
    open?.leave()
  }

  #undo(which: (patch: Patch) => boolean, why: UndonePatch['why']): void {
    const over = this.#patches.filter(which)
    if (over.length === 0) return
    this.#patches = this.#patches.filter((patch) => !over.includes(patch))
    if (why !== 'officer') {
      const at = this.#options.clock()
      const told = over.map(({ id, ends }) => ({ id, ends, at, why }))
      this.#undone = [...this.#undone, ...told].slice(-MOST_UNDONE)
    }
    this.#join()
    for (const patch of over) this.#options.onUndone(patch, why)
  }

  /** Those that are joined now hear one another, and nobody else. */
  #join(): void {
    for (const voice of this.#voices) voice.close()
    const used = new Set([...this.#opened, ...this.#patches.flatMap(({ ends }) => ends.map(nameOf))])
    for (const name of [...this.#ends.keys()]) if (!used.has(name)) this.#shut(name)
    this.#voices = joinedEnds(this.#patches).map(
      (ends) =>
        new PatchedVoice(
          ends.flatMap((end) => this.#ends.get(nameOf(end))?.end ?? []),
          () => performance.now(),
        ),
    )
    this.#options.onChange()
  }

  #surroundings(): PatchSurroundings {
    const { channels, calls } = this.#options
    return {
      conferences: calls.conferences(),
      mediumOf: (channel) => JSON.stringify(channels.get(channel)?.site.access ?? channel),
    }
  }
}

const nameOf = (end: PatchEnd): string =>
  end.kind === 'channel' ? `channel ${end.channel}` : `call ${end.call}`
