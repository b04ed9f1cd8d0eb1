/** Turning a camera: pan, tilt, zoom and the views it has stored. */
import * as z from 'zod'
import { idSchema } from './primitives.ts'

/** −1 to 1 of the fastest: to the left or right, down or up, away or closer. */
const speedSchema = z.number().min(-1).max(1)
const directionSchema = z.strictObject({ pan: speedSchema, tilt: speedSchema, zoom: speedSchema })
export type Direction = z.infer<typeof directionSchema>

/** The name by which the camera knows a stored view: tt:ReferenceToken, at most 64 characters. */
const presetTokenSchema = z.string().min(1).max(64)
export interface Preset {
  readonly token: string
  readonly name: string
}

/** `move` goes on as long as it is said again each `MOVE_AGAIN_MS`; when a few are missing the camera stands still. */
const steeringActSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('move'), direction: directionSchema }),
  z.strictObject({ kind: z.literal('stop') }),
  z.strictObject({ kind: z.literal('go-to'), preset: presetTokenSchema }),
])
export type SteeringAct = z.infer<typeof steeringActSchema>
export const steerSourceSchema = z.strictObject({ source: idSchema, act: steeringActSchema })
export const presetsQuerySchema = z.strictObject({ source: idSchema })

/** How often whoever moves a camera says so, ms. */
export const MOVE_AGAIN_MS = 500
