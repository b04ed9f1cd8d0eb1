/** What patrols say to one another on a channel. Pure: chance comes in. */
import type { Chance } from '../city/random.ts'

/** Something that a radio says. */
export interface Spoken {
  /** Its id. */
  readonly radio: string
  /** The name of a clip. */
  readonly clip: string
  /** From where it is hardly heard. */
  readonly weak: boolean
  /** How long after the one before is over it begins, ms. */
  readonly afterMs: number
  /** So long after it began somebody else speaks at the same time, ms. */
  readonly doubled?: { readonly radio: string; readonly clip: string; readonly afterMs: number }
}

/** Parts of a conversation: what the names of clips say between who says it and the language. */
const sayings = {
  report: ['unit-on-the-way', 'unit-arrived', 'unit-injured', 'unit-done'],
  ask: ['radio-ask'],
  here: ['radio-here', 'unit-arrived'],
  copy: ['radio-copy'],
  again: ['radio-again'],
} as const
type Saying = keyof typeof sayings

interface Line {
  readonly who: 0 | 1
  readonly says: Saying
  readonly weak?: true
  /** A third one, if there is one, speaks at the same time. */
  readonly doubled?: true
}

/** How often each is held, in parts of a hundred. */
const kinds: readonly { readonly share: number; readonly lines: readonly Line[] }[] = [
  {
    share: 50,
    lines: [
      { who: 0, says: 'report' },
      { who: 1, says: 'copy' },
    ],
  },
  {
    share: 25,
    lines: [
      { who: 0, says: 'ask' },
      { who: 1, says: 'here' },
      { who: 0, says: 'copy' },
    ],
  },
  {
    share: 15,
    lines: [
      { who: 0, says: 'report', weak: true },
      { who: 1, says: 'again' },
      { who: 0, says: 'report' },
      { who: 1, says: 'copy' },
    ],
  },
  {
    share: 10,
    lines: [
      { who: 0, says: 'report', doubled: true },
      { who: 1, says: 'again' },
      { who: 0, says: 'report' },
      { who: 1, says: 'copy' },
    ],
  },
]

/** Of conversations, in parts of a hundred; all others are in English. */
const CHINESE = 75
/** Milliseconds: until somebody answers, and until somebody speaks into what is being said. */
const ANSWERS_AFTER = [400, 1_600] as const
const DOUBLES_AFTER = [300, 900] as const

export type Crew = readonly [string, ...string[]]

/** `crew`: the radios of the channel. */
export function conversation(crew: Crew, chance: Chance): readonly Spoken[] {
  const language = languageOf(chance)
  const speakers = several(crew, 3, chance)
  const speaker = (nth: number) => speakers[nth % speakers.length] ?? crew[0]
  // Who repeats something says the same again.
  const report = chance.pick(sayings.report)
  const clip = (says: Saying) => `${says === 'report' ? report : chance.pick(sayings[says])}-${language}`
  return kindOf(chance).map(
    ({ who, says, weak = false, doubled }, nth): Spoken => ({
      radio: speaker(who),
      clip: clip(says),
      weak,
      afterMs: nth === 0 ? 0 : chance.between(...ANSWERS_AFTER),
      ...(doubled &&
        speakers.length > 2 && {
          doubled: { radio: speaker(2), clip: clip('here'), afterMs: chance.between(...DOUBLES_AFTER) },
        }),
    }),
  )
}

/** What a patrol answers when a seat has called. */
export const answer = (crew: Crew, chance: Chance): Spoken => ({
  radio: chance.pick(crew),
  clip: `${chance.pick(['radio-answer', 'radio-copy'])}-${languageOf(chance)}`,
  weak: false,
  afterMs: chance.between(...ANSWERS_AFTER),
})

/** The first line is the call, the second that of one who comes, if there is anybody else. */
export function callForHelp(radio: string, crew: Crew, chance: Chance): readonly [Spoken, ...Spoken[]] {
  const language = languageOf(chance)
  const [other] = several(crew, 2, chance).filter((each) => each !== radio)
  const call = { radio, clip: `radio-help-${language}`, weak: false, afterMs: 0 }
  if (other === undefined) return [call]
  const afterMs = chance.between(...ANSWERS_AFTER)
  return [call, { radio: other, clip: `unit-on-the-way-${language}`, weak: false, afterMs }]
}

const languageOf = (chance: Chance): 'zh' | 'en' => (chance.next() * 100 < CHINESE ? 'zh' : 'en')

function kindOf(chance: Chance): readonly Line[] {
  let lot = chance.next() * 100
  const kind = kinds.find(({ share }) => {
    lot -= share
    return lot < 0
  })
  return kind?.lines ?? []
}

/** Different ones, as far as there are so many. */
function several(crew: Crew, count: number, chance: Chance): readonly string[] {
  const left = [...crew]
  return Array.from({ length: Math.min(count, crew.length) }, () =>
    left.splice(Math.floor(chance.next() * left.length), 1),
  ).flat()
}
