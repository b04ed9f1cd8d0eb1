/** Makes what the stand-in lacks fail loudly, with its name. */
export function strict<T extends object>(name: string, known: T): T {
  return new Proxy(known, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      // Methods belong to the object itself: private fields are not there on a proxy.
      if (typeof value === 'function') return value.bind(target)
      if (key in target || typeof key === 'symbol' || key === 'then') return value
      throw new Error(`the stand-in for Electron has no ${name}.${key}`)
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  })
}
