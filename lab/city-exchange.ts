/** The exchange of the demonstration site: the seats' lines, a phone for every unit, and citizens who call 110. */
import { join } from 'node:path'
import type { SiteDocument } from '../contract/site.ts'
import { CITY_NUMBER, EXERCISE_EXCHANGE } from './city/demo-site.ts'
import { readClips } from './exchange/clips.ts'
import { type Exchange, openExchange } from './exchange/exchange.ts'

/** Of citizens, an hour: some minutes of quiet between two calls. */
const CALLS_AN_HOUR = 12
/** Seats of this role answer the city's number, if they are there for the whole centre. */
const ANSWERING = 'duty-officer'

/** Undefined if the site has no such exchange. */
export async function openCityExchange(site: SiteDocument, resources: string): Promise<Exchange | undefined> {
  const known = site.exchanges.find(({ id }) => id === EXERCISE_EXCHANGE)
  if (known === undefined) return undefined
  const lines = site.accounts.flatMap(({ role, scope, lines = [] }) =>
    lines
      .filter(({ exchange }) => exchange === known.id)
      .map((line) => ({ ...line, answers: role === ANSWERING && scope.kind === 'centre' })),
  )
  return openExchange({
    host: '127.0.0.1',
    domain: known.domain,
    accounts: lines.flatMap(({ number, authUser, password }) =>
      password === undefined ? [] : [{ number, password, ...(authUser !== undefined && { user: authUser }) }],
    ),
    phones: site.units.flatMap(({ terminals }) =>
      terminals.flatMap((terminal) => (terminal.kind === 'sip' ? [terminal.number] : [])),
    ),
    groups: { [CITY_NUMBER]: lines.filter(({ answers }) => answers).map(({ number }) => number) },
    clips: await readClips(join(resources, 'lab-clips')),
    citizens: { perHour: CALLS_AN_HOUR, to: CITY_NUMBER },
  })
}
