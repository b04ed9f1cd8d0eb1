import { describe, expect, it } from 'vitest'
import { hashPassword, isPassword } from './passwords.ts'

describe('a password', () => {
  it('is known again, and no other is taken for it', async () => {
    const secret = await hashPassword('correct horse', 'device')
    expect(await isPassword('correct horse', secret, 'device')).toBe(true)
    expect(await isPassword('correct horsf', secret, 'device')).toBe(false)
    expect(await isPassword('', secret, 'device')).toBe(false)
  })

  it('is kept under a salt of its own, and not as it is', async () => {
    const secrets = await Promise.all([1, 2].map(() => hashPassword('correct horse', 'device')))
    expect(secrets[0]).not.toBe(secrets[1])
    expect(secrets.join()).not.toContain('correct')
  })

  it('of a person costs a guesser 32 MiB, of a device 4 MiB', async () => {
    expect(await hashPassword('x', 'person')).toMatch(/^scrypt\$32768\$/)
    expect(await hashPassword('x', 'device')).toMatch(/^scrypt\$4096\$/)
  })

  it('is checked with the cost it was kept with, should that change', async () => {
    const secret = await hashPassword('correct horse', 'public')
    expect(await isPassword('correct horse', secret, 'person')).toBe(true)
  })

  it('is the same however its letters were composed', async () => {
    const secret = await hashPassword('Zo\u00eb', 'public')
    expect(await isPassword('Zoe\u0308', secret, 'public')).toBe(true)
  })

  it('is never right where none, or nothing readable, is kept', async () => {
    for (const secret of [undefined, '', 'plain', 'scrypt$16$$', 'scrypt$16$AAAA$AAAA'])
      expect(await isPassword('', secret, 'public')).toBe(false)
  })
})
