/** Secrets of the seat, kept through the system's own key store. */
import { safeStorage } from 'electron'
import { Refusal } from '../contract/refusal.ts'
import type { Settings } from './settings.ts'

export interface Secrets {
  /** Undefined if there is none, or if this machine's key store can't read it any more. */
  read(name: string): string | undefined
  /** Throws a `Refusal` where the system offers no key store: then nothing is kept. */
  keep(name: string, secret: string): void
}

export const openSecrets = (settings: Settings): Secrets => ({
  read: (name) => {
    const encrypted = settings.secret(name)
    if (encrypted === undefined || !safeStorage.isEncryptionAvailable()) return undefined
    try {
      return safeStorage.decryptString(Buffer.from(encrypted, 'base64'))
    } catch {
      return undefined
    }
  },
  keep: (name, secret) => {
    if (!safeStorage.isEncryptionAvailable())
      throw new Refusal('store-unavailable', { why: 'this system has no key store to keep secrets in' })
    settings.setSecret(name, safeStorage.encryptString(secret).toString('base64'))
  },
})
