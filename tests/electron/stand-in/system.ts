/** The parts of Electron that touch the system: key store, dialogues, screen, power. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { hostname, userInfo } from 'node:os'
import { life } from './app.ts'
import { host } from './host.ts'
import type { Rectangle } from './native-window.ts'
import { knownOptions, strict } from './unknown.ts'

/** Encrypts for this user on this machine, as a key store would, though the key is no secret here. */
export const safeStorage = strict('safeStorage', {
  isEncryptionAvailable: (): boolean => life.isReady,
  encryptString: (text: string): Buffer => {
    if (!life.isReady) throw new Error('safeStorage cannot be used before app is ready')
    if (typeof text !== 'string') throw new TypeError('Error processing argument at index 0')
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key(), nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  },
  decryptString: (sealed: Buffer): string => {
    if (!life.isReady) throw new Error('safeStorage cannot be used before app is ready')
    try {
      const decipher = createDecipheriv('aes-256-gcm', key(), sealed.subarray(0, 12))
      decipher.setAuthTag(sealed.subarray(12, 28))
      return decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8')
    } catch (cause) {
      throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.', {
        cause,
      })
    }
  },
})

const key = () => createHash('sha256').update(`${hostname()} ${userInfo().username}`).digest()

interface OpenDialogResult {
  readonly canceled: boolean
  readonly filePaths: readonly string[]
}

/** Nobody sees a dialogue here: the launcher says what is picked, or it is cancelled; errors are printed. */
export const dialog = strict('dialog', {
  showErrorBox: (title: string, content: string): void => {
    process.stderr.write(`${title}\n${content}\n`)
  },
  showOpenDialog: async (_window: object, options: object): Promise<OpenDialogResult> => {
    knownOptions('dialog.showOpenDialog', options, ['properties', 'filters'])
    const picked = host().picks.shift()
    return picked === undefined ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [picked] }
  },
})

function displays() {
  if (!life.isReady) throw new Error("The 'screen' module can't be used before the app 'ready' event")
  let x = 0
  return host().displays.map((size, n) => {
    const area = { x, y: 0, ...size }
    x += size.width
    return strict('Display', { id: n + 1, bounds: area, workArea: area, scaleFactor: 1 })
  })
}
type Display = ReturnType<typeof displays>[number]

/** The primary one: there is always one. */
const first = (): Display => displays()[0] as Display

/** The one that most of it is on; the primary one if it is on none. */
function matching(rectangle: Rectangle): Display {
  const shared = ({ bounds }: Display) =>
    overlap(rectangle.x, rectangle.width, bounds.x, bounds.width) *
    overlap(rectangle.y, rectangle.height, bounds.y, bounds.height)
  return displays().reduce((best, other) => (shared(other) > shared(best) ? other : best))
}

const overlap = (a: number, aLong: number, b: number, bLong: number): number =>
  Math.max(0, Math.min(a + aLong, b + bLong) - Math.max(a, b))

export const screen = strict(
  'screen',
  Object.assign(new EventEmitter(), {
    getPrimaryDisplay: first,
    getAllDisplays: displays,
    getDisplayMatching: matching,
  }),
)

const blockers = new Map<number, string>()
let lastBlocker = -1

export const powerSaveBlocker = strict('powerSaveBlocker', {
  start: (type: 'prevent-app-suspension' | 'prevent-display-sleep'): number => {
    blockers.set(++lastBlocker, type)
    return lastBlocker
  },
  stop: (id: number): boolean => blockers.delete(id),
  isStarted: (id: number): boolean => blockers.has(id),
})

export const Menu = strict('Menu', { setApplicationMenu: (_menu: null): void => undefined })

export const crashReporter = strict('crashReporter', {
  start: (_options: { readonly uploadToServer: false }): void => undefined,
})
