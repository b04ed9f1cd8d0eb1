/** One app in a profile. */
import { describe, expect, it } from 'vitest'
import { type Arrival, lookForInstance } from './instance.ts'

/** A profile that no other test has; nothing is written to it. */
const profile = () => `/nowhere/${crypto.randomUUID()}`
const arrival: Arrival = { argv: ['app', '--hub=x'], cwd: '/tmp', additionalData: { a: [1] } }
const unheard = () => {
  throw new Error('nobody was to come')
}

describe('the first app in a profile', () => {
  it('has it, and hears with what arguments others come', async () => {
    const userData = profile()
    const heard: Arrival[] = []
    const first = await lookForInstance(userData)
    expect(first.claim(arrival, (later) => heard.push(later))).toBe(true)
    const second = await lookForInstance(userData)
    expect(second.claim(arrival, unheard)).toBe(false)
    await expect.poll(() => heard).toEqual([arrival])
  })

  it('may ask again and still has it', async () => {
    const first = await lookForInstance(profile())
    expect([first.claim(arrival, unheard), first.claim(arrival, unheard)]).toEqual([true, true])
  })

  it('hears nothing of an app that comes and does not ask for the profile', async () => {
    const userData = profile()
    const heard: Arrival[] = []
    const first = await lookForInstance(userData)
    first.claim(arrival, (later) => heard.push(later))
    await lookForInstance(userData)
    const asking = await lookForInstance(userData)
    asking.claim({ ...arrival, argv: ['asking'] }, unheard)
    await expect.poll(() => heard).toEqual([{ ...arrival, argv: ['asking'] }])
  })

  it('is the one that asked first when two looked at the same time', async () => {
    const userData = profile()
    const [one, two] = await Promise.all([lookForInstance(userData), lookForInstance(userData)])
    expect([one.claim(arrival, unheard), two.claim(arrival, unheard)]).toEqual([true, false])
  })
})

describe('apps in different profiles', () => {
  it('do not know of each other', async () => {
    const [one, two] = [await lookForInstance(profile()), await lookForInstance(profile())]
    expect([one.claim(arrival, unheard), two.claim(arrival, unheard)]).toEqual([true, true])
  })
})
