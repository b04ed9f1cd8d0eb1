/** The patrols of one channel: they talk now and then, fall silent for a seat that talks, and answer it. */
import { type Chance, untilNext } from '../city/random.ts'
import { type Time, timersOn } from '../exchange/time.ts'
import { answer, type Crew, callForHelp, conversation, type Spoken } from './conversation.ts'

/** A channel as its radios reach it. */
export interface Air {
  /** A radio transmits. Resolves when it is over. `emergency`: it says so, too. */
  transmit(words: Words): Promise<void>
}

export type Words = Pick<Spoken, 'radio' | 'clip' | 'weak'> & { readonly emergency: boolean }

export interface Patrols {
  /** A seat begins to talk, or is over. */
  seatTalks(talks: boolean): void
  /** One of them calls for help at once, any if it is left out, and another comes. Resolves when that is said. */
  callForHelp(radio?: string): Promise<void>
  /** What is being said goes on to its end. */
  stop(): void
}

export interface PatrolsOptions {
  readonly crew: Crew
  readonly air: Air
  readonly chance: Chance
  readonly time: Time
  /** From one conversation to the next, on average, ms. */
  readonly pauseMs: number
}

export function keepTalking({ crew, air, chance, time, pauseMs }: PatrolsOptions): Patrols {
  const timers = timersOn(time)
  let [seatTalks, interrupted, stopped, waits] = [false, false, false, 0]
  /** One thing after the other. */
  let last: Promise<void> = Promise.resolve()
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    last = last.then(() => (stopped ? undefined : act()))
    return last
  }
  const pause = (ms: number) => new Promise<void>((resolve) => timers.set(`pause ${++waits}`, ms, resolve))

  const say = async ({ afterMs, doubled, ...words }: Spoken, emergency = false) => {
    if (afterMs > 0) await pause(afterMs)
    if (stopped || (interrupted && !emergency)) return
    const said = [air.transmit({ ...words, emergency })]
    if (doubled !== undefined) {
      await pause(doubled.afterMs)
      said.push(air.transmit({ ...doubled, weak: false, emergency: false }))
    }
    await Promise.all(said)
  }
  const converse = async () => {
    interrupted = seatTalks
    for (const spoken of conversation(crew, chance)) if (!interrupted) await say(spoken)
    wait()
  }
  const wait = () => timers.set('next', untilNext(pauseMs, chance), () => void inTurn(converse))
  wait()

  return {
    seatTalks: (talks) => {
      seatTalks = talks
      interrupted = true
      if (talks) timers.clear('next')
      else
        void inTurn(async () => {
          interrupted = seatTalks
          await say(answer(crew, chance))
          wait()
        })
    },
    callForHelp: (radio) => {
      interrupted = true
      return inTurn(async () => {
        const [call, ...answers] = callForHelp(radio ?? chance.pick(crew), crew, chance)
        await say(call, true)
        interrupted = seatTalks
        for (const spoken of answers) await say(spoken)
        wait()
      })
    },
    stop: () => {
      stopped = true
      timers.clearAll()
    },
  }
}
