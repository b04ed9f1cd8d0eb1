import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { instanceOf, seatIdentity } from './seat-identity.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'watchfloor-seat-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

describe('the identity of a seat', () => {
  it('is the same whenever it is asked for, and another elsewhere', async () => {
    const here = folder()
    const first = await seatIdentity(here)
    expect(await seatIdentity(here)).toBe(first)
    expect(await seatIdentity(folder())).not.toBe(first)
  })

  it('is made anew where what was kept is none', async () => {
    const here = folder()
    writeFileSync(join(here, 'seat-id'), 'nonsense')
    const made = await seatIdentity(here)
    expect(made).toMatch(/^[\da-f-]{36}$/)
    expect(await seatIdentity(here)).toBe(made)
  })

  it('is not made where it can’t be kept', async () => {
    await expect(seatIdentity(join(folder(), 'nowhere'))).rejects.toThrow('ENOENT')
  })
})

describe('the instance of an account at a seat', () => {
  it('is the UUID of its name in the name space of the seat', () => {
    // Of RFC 9562, A.4: www.example.com in the name space of DNS.
    expect(instanceOf('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    )
  })
})
