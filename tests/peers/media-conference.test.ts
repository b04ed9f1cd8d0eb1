/** A conference of thirty telephones that we didn't write, each measured by what itself has heard. */
import { expect, it, onTestFinished, vi } from 'vitest'
import { Bridge } from '../../main/engine/media/bridge.ts'
import { startBaresip } from '../support/baresip.ts'
import { startKamailio } from '../support/kamailio.ts'
import { openTestSip } from '../support/sip-line.ts'
import { loudness, shareOf, sine } from '../support/tone.ts'

const PARTIES = 30
const PASSWORD = 'password-of-all'
const patience = { timeout: 40_000, interval: 100 }
const numbers = Array.from({ length: PARTIES }, (_, at) => `${6_001 + at}`)
/** Whole numbers of waves in a tenth of a second. */
const frequencyOf = (number: string) => 300 + 100 * numbers.indexOf(number)
/** Longer than the call. */
const SAID_S = 60
/** All of them together are not too loud. */
const LOUD = 0.02
/** How much of what is heard must be of each other party, and at most of oneself, as shares of an equal part. */
const [OTHERS, OWN] = [0.5, 0.02]

it('a conference lets each of thirty telephones hear all the others and not itself', async () => {
  const users = Object.fromEntries(['desk', ...numbers].map((user) => [user, PASSWORD]))
  const kamailio = await startKamailio(onTestFinished, { users })
  const phones = await Promise.all(
    numbers.map((user) =>
      startBaresip(onTestFinished, {
        user,
        password: PASSWORD,
        domain: kamailio.domain,
        exchange: kamailio.server('udp').port,
        answers: 'auto',
        says: sine(frequencyOf(user), SAID_S * 8_000, 0, LOUD),
      }),
    ),
  )
  const { port } = openTestSip(onTestFinished, {
    user: 'desk',
    password: PASSWORD,
    server: kamailio.server('udp'),
  })
  await port.register()
  const calls = numbers.map((number) => port.call(number))
  await vi.waitFor(
    () => expect(calls.map(({ state }) => state)).toEqual(numbers.map(() => 'talking')),
    patience,
  )
  const bridge = new Bridge()
  onTestFinished(() => bridge.close())
  const legs = await Promise.all(calls.map(async ({ media }) => (await media.opened).leg))
  for (const leg of legs) bridge.add(leg)
  await vi.waitFor(() => {
    for (const { statistics } of legs) expect(statistics.packetsSent).toBeGreaterThan(100)
  }, patience)
  for (const call of calls) call.hangUp()
  await Promise.all(phones.map(({ until }) => until('CALL_CLOSED')))
  await Promise.all(phones.map(({ kill }) => kill()))

  const shares = phones.map((phone) => {
    // A second: after all had come, before the first had gone.
    const heard = phone.played().subarray(-10_400, -2_400)
    expect(heard).toHaveLength(8_000)
    expect(loudness(heard)).toBeGreaterThan(LOUD)
    return numbers.map((other) => shareOf(frequencyOf(other), heard) * (PARTIES - 1))
  })
  for (const [at, row] of shares.entries())
    for (const [other, share] of row.entries())
      if (other === at) expect(share).toBeLessThan(OWN)
      else expect(share).toBeGreaterThan(OTHERS)
})
