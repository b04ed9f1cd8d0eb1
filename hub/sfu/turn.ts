/**
 * TURN for those who reach the SFU by a relay only: where it is, and a name and password for each transport that are
 * good for some hours (draft-uberti-behave-turn-rest-00, as coturn has it with `use-auth-secret`).
 */
import { createHmac } from 'node:crypto'
import type { IceServer } from '../../contract/peers.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import type { HubConfig } from '../config.ts'

/** A relay asks for the name again as long as it is used: longer than any shift. */
const VALID_S = 24 * 3600

type Turn = NonNullable<NonNullable<HubConfig['video']>['turn']>

/** For this account, from now on. */
export function iceServersFor({ urls, secret }: Turn, account: Id, now: Instant): IceServer[] {
  const username = `${Math.floor(now / 1000) + VALID_S}:${account}`
  const credential = createHmac('sha1', secret).update(username).digest('base64')
  return [{ urls, username, credential }]
}
