/**
 * Who may do what: grants, and the one function that judges them.
 * Every command and every event sent to a seat passes `may`.
 */
import * as z from 'zod'
import { type Id, type Instant, idSchema, instantSchema } from './primitives.ts'

export const capabilities = [
  'view',
  'call',
  'listen',
  'barge',
  'force-release',
  'key-radio',
  'patch',
  'video-pull',
  'task',
  'chair',
  'export',
  'administer',
] as const
export type Capability = (typeof capabilities)[number]

export const roles = [
  'duty-officer',
  'shift-supervisor',
  'on-site-post',
  'joint-duty-officer',
  'administrator',
  'field-account',
] as const
export type Role = (typeof roles)[number]

/** Over what a grant reaches: the whole centre, an area and all below it, an agency, or one incident. */
export const scopeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('centre') }),
  z.strictObject({ kind: z.literal('area'), area: idSchema }),
  z.strictObject({ kind: z.literal('agency'), agency: idSchema }),
  z.strictObject({ kind: z.literal('incident'), incident: idSchema }),
])
export type Scope = z.infer<typeof scopeSchema>

const grantSubjectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('account'), account: idSchema }),
  z.strictObject({ kind: z.literal('role'), role: z.enum(roles) }),
])

export const grantSchema = z.strictObject({
  id: idSchema,
  subject: grantSubjectSchema,
  capabilities: z.array(z.enum(capabilities)).min(1).max(capabilities.length),
  scope: scopeSchema,
  /** The grant is good until this instant; null: until it is ended. */
  until: instantSchema.nullable(),
})
export type Grant = z.infer<typeof grantSchema>

/** What is asked about. `areas` is the thing's area and everything above it (`areaPath`). */
export interface Target {
  readonly areas: readonly Id[]
  readonly agency?: Id
  readonly incidents?: readonly Id[]
}

/** A target that only a grant over the whole centre reaches. */
export const centre: Target = { areas: [] }

/** What a role brings with it, over the scope of the account that has it. */
export const roleCapabilities: Readonly<Record<Role, readonly Capability[]>> = {
  'duty-officer': ['view', 'call', 'key-radio', 'video-pull', 'task', 'chair'],
  'shift-supervisor': [
    'view',
    'call',
    'listen',
    'barge',
    'force-release',
    'key-radio',
    'patch',
    'video-pull',
    'task',
    'chair',
    'export',
  ],
  'on-site-post': ['view', 'call', 'key-radio', 'video-pull', 'task'],
  'joint-duty-officer': [],
  administrator: ['view', 'export', 'administer'],
  'field-account': [],
}

/** Pure. A grant is good up to, not at, its `until`. */
export function may(grants: readonly Grant[], capability: Capability, target: Target, now: Instant): boolean {
  return grants.some(
    (grant) =>
      (grant.until === null || now < grant.until) &&
      grant.capabilities.includes(capability) &&
      reaches(grant.scope, target),
  )
}

/** The instant after `now` at which the first of these grants runs out, or undefined if none will. */
export function nextExpiry(grants: readonly Grant[], now: Instant): Instant | undefined {
  const ends = grants.flatMap((grant) => (grant.until !== null && grant.until > now ? [grant.until] : []))
  return ends.length === 0 ? undefined : Math.min(...ends)
}

function reaches(scope: Scope, target: Target): boolean {
  switch (scope.kind) {
    case 'centre':
      return true
    case 'area':
      return target.areas.includes(scope.area)
    case 'agency':
      return target.agency === scope.agency
    case 'incident':
      return target.incidents?.includes(scope.incident) ?? false
  }
}
