/** A voice that hardly comes through: faint, in noise. Pure: chance comes in. */
import type { Chance } from '../city/random.ts'
import { fromMuLaw, toMuLaw } from '../exchange/g711.ts'

const LOUDNESS = 0.25
/** Of the noise, at most, of full scale. */
const NOISE = 0.06

/** Mu-law to mu-law. */
export const weakened = (clip: Uint8Array, chance: Chance): Uint8Array =>
  clip.map((octet) =>
    toMuLaw(Math.round(fromMuLaw(octet) * LOUDNESS + chance.between(-NOISE, NOISE) * 32_767)),
  )
