/** Accounts and what they are granted. Passwords and session tokens are not here: the hub keeps those apart. */
import * as z from 'zod'
import { type Grant, grantSchema, type Role, roleCapabilities, roles, scopeSchema } from './permissions.ts'
import { type Id, idSchema, instantSchema, lineSchema, nameSchema } from './primitives.ts'
import { callsignSchema } from './radio.ts'
import { telephoneLineSchema } from './telephony.ts'

export const accountSchema = z.strictObject({
  id: idSchema,
  name: nameSchema,
  role: z.enum(roles),
  agency: idSchema.nullable(),
  /** Over what the role's capabilities reach. */
  scope: scopeSchema,
  disabled: z.boolean(),
  /** What the seat registers while this officer sits there. */
  lines: z.array(telephoneLineSchema).max(8).optional(),
  /** What the seat is called on radio networks that go by callsigns. */
  callsign: callsignSchema.optional(),
})
export type Account = z.infer<typeof accountSchema>

/** 8 to 200 characters, whatever they are. */
export const passwordSchema = z.string().min(8).max(200)

const reasonSchema = lineSchema

export const accountEvents = {
  'account.put': accountSchema,
  'account.removed': z.strictObject({ id: idSchema }),
  'account.password-set': z.strictObject({ id: idSchema }),
  'account.locked': z.strictObject({ id: idSchema, until: instantSchema }),
  'grant.given': grantSchema,
  'grant.ended': z.strictObject({ id: idSchema, reason: reasonSchema }),
  'session.opened': z.strictObject({ account: idSchema, session: z.string(), address: z.string() }),
  'session.closed': z.strictObject({
    account: idSchema,
    session: z.string(),
    why: z.enum(['signed-out', 'revoked']),
  }),
  'session.refused': z.strictObject({ account: z.string(), address: z.string() }),
} as const

export interface Accounts {
  accounts: Record<Id, Account>
  grants: Record<Id, Grant>
}

export const noAccounts: Accounts = { accounts: {}, grants: {} }

type AccountEvent = {
  [K in keyof typeof accountEvents]: { readonly kind: K; readonly data: z.infer<(typeof accountEvents)[K]> }
}[keyof typeof accountEvents]

/** Changes `accounts` (an Immer draft, or a state nobody else holds) by one event. */
export function applyAccountEvent(accounts: Accounts, event: AccountEvent): void {
  switch (event.kind) {
    case 'account.put':
      accounts.accounts[event.data.id] = event.data
      break
    case 'account.removed':
      delete accounts.accounts[event.data.id]
      break
    case 'grant.given':
      accounts.grants[event.data.id] = event.data
      break
    case 'grant.ended':
      delete accounts.grants[event.data.id]
      break
    case 'account.password-set':
    case 'account.locked':
    case 'session.opened':
    case 'session.closed':
    case 'session.refused':
      break
  }
}

/** Everything an account may do: its role over its scope, and the grants to it and to its role. */
export function grantsOf(accounts: Accounts, account: Account): Grant[] {
  if (account.disabled) return []
  return [
    ...roleGrant(account.id, account.role, account),
    ...Object.values(accounts.grants).filter(({ subject }) =>
      subject.kind === 'account' ? subject.account === account.id : subject.role === account.role,
    ),
  ]
}

function roleGrant(id: Id, role: Role, account: Account): Grant[] {
  const brought = roleCapabilities[role]
  if (brought.length === 0) return []
  return [
    {
      id: `role-${role}`,
      subject: { kind: 'account', account: id },
      capabilities: [...brought],
      scope: account.scope,
      until: null,
    },
  ]
}
