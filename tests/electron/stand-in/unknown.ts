/** What the stand-in does not have, and what a destroyed object does not have any more. */
import { EventEmitter } from 'node:events'

/** Looked up by Node and by test tools on any object, and rightly absent. */
const harmless = new Set<string>(['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType', 'tagName'])

/** Makes whatever the stand-in lacks fail loudly, with its name, at the end of the prototype chain of `known`. */
export function strict<T extends object>(name: string, known: T): T {
  return Object.setPrototypeOf(
    known,
    lacking(
      Object.getPrototypeOf(known),
      (key) => new Error(`the stand-in for Electron has no ${name}.${key}`),
    ),
  )
}

/** Throws for options that the stand-in would silently ignore. */
export function knownOptions(what: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`the stand-in for Electron has no option ${unknown} of ${what}`)
}

/** From now on the object only says that it is destroyed, and throws what Electron throws for everything else. */
export function destroy(object: EventEmitter): void {
  const left = Object.assign(Object.create(EventEmitter.prototype), { isDestroyed: () => true })
  Object.setPrototypeOf(
    object,
    lacking(left, () => new TypeError('Object has been destroyed')),
  )
}

const lacking = (known: object, error: (key: string) => Error): object =>
  new Proxy(known, {
    get: (target, key, receiver) => {
      if (key in target || typeof key === 'symbol' || harmless.has(key))
        return Reflect.get(target, key, receiver)
      throw error(key)
    },
  })
