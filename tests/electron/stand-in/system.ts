/** The parts of Electron that touch the system: key store, dialogues, screens, power. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { hostname, userInfo } from 'node:os'
import { host } from './host.ts'

/** Encrypts for this user on this machine, as a key store would, though the key is no secret here. */
export const safeStorage = {
  isEncryptionAvailable: () => true,
  encryptString: (text: string): Buffer => {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key(), nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  },
  decryptString: (sealed: Buffer): string => {
    const decipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(12, 28))
    return decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8')
  },
}

const key = () => createHash('sha256').update(`${hostname()} ${userInfo().username}`).digest()

export const dialog = {
  showOpenDialog: async () => host().answers.shift() ?? { canceled: true, filePaths: [] },
}

export const screen = Object.assign(new EventEmitter(), {
  getAllDisplays: () => {
    const area = { x: 0, y: 0, ...host().size }
    return [{ id: 1, bounds: area, workArea: area, scaleFactor: 1 }]
  },
})

const blockers = new Map<number, string>()
let lastBlocker = 0

export const powerSaveBlocker = {
  start: (type: 'prevent-app-suspension' | 'prevent-display-sleep') => {
    blockers.set(++lastBlocker, type)
    return lastBlocker
  },
  stop: (id: number) => blockers.delete(id),
  isStarted: (id: number) => blockers.has(id),
}

export const Menu = { setApplicationMenu: (_menu: null) => undefined }

export const crashReporter = { start: (_options: { uploadToServer: boolean }) => undefined }
