/**
 * Structured clone as text, the same in Node and in pages: a graph of nodes that may repeat and point in circles,
 * in JSON. A classic script, because a page's isolated world can't import; whoever loads it reads the global.
 */
globalThis.standInCodec = (() => {
  const views = [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  ]
  const errors = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, Error]
  const named = (types, value) => types.find((type) => value instanceof type)?.name
  const typeNamed = (types, name) => types.find((type) => type.name === name)

  // Node lacks the one, pages lack the other.
  const inNode = typeof Buffer !== 'undefined'
  const toText = (buffer) =>
    inNode ? Buffer.from(buffer).toString('base64') : new Uint8Array(buffer).toBase64()
  const toBuffer = (text) =>
    inNode ? Uint8Array.from(Buffer.from(text, 'base64')).buffer : Uint8Array.fromBase64(text).buffer

  /** What JSON has stands for itself, an object for its place among the nodes, the rest for its name. */
  const slotOf = (value, indexOf) => {
    switch (typeof value) {
      case 'undefined':
        return ['undefined']
      case 'bigint':
        return ['bigint', String(value)]
      case 'number':
        if (Number.isFinite(value) && !Object.is(value, -0)) return value
        return ['number', Object.is(value, -0) ? '-0' : String(value)]
      case 'object':
        return value === null ? null : [indexOf(value)]
      default:
        return value
    }
  }

  const nodeOf = (value, slot) => {
    const own = () => Object.keys(value).map((key) => [key, slot(value[key])])
    if (Array.isArray(value)) {
      const dense = Object.keys(value).length === value.length
      return dense ? ['list', value.map(slot)] : ['array', value.length, own()]
    }
    if (value instanceof Date) return ['date', slot(value.getTime())]
    if (value instanceof RegExp) return ['regexp', value.source, value.flags]
    if (value instanceof Map) return ['map', [...value].map(([key, item]) => [slot(key), slot(item)])]
    if (value instanceof Set) return ['set', [...value].map(slot)]
    if (value instanceof ArrayBuffer) return ['buffer', toText(value)]
    if (ArrayBuffer.isView(value)) {
      const length = value instanceof DataView ? value.byteLength : value.length
      return ['view', named(views, value), slot(value.buffer), value.byteOffset, length]
    }
    if (value instanceof Error) {
      const { message, stack } = value
      const cause = 'cause' in value ? [slot(value.cause)] : []
      return ['error', named(errors, value), message, slot(stack), cause]
    }
    if ([Number, String, Boolean, BigInt].some((type) => value instanceof type))
      return ['boxed', slot(value.valueOf())]
    if (Object.prototype.toString.call(value) === '[object Object]') return ['object', own()]
    throw new Error(`the stand-in can not carry ${Object.prototype.toString.call(value)} between processes`)
  }

  /** Electron's words, from whichever side. */
  const cloned = (value) => {
    try {
      return structuredClone(value)
    } catch (cause) {
      throw new Error('An object could not be cloned.', { cause })
    }
  }

  const encode = (value) => {
    const known = new Map()
    const objects = []
    const indexOf = (object) => {
      if (!known.has(object)) known.set(object, objects.push(object) - 1)
      return known.get(object)
    }
    const slot = (item) => slotOf(item, indexOf)
    const root = slot(cloned(value))
    const nodes = []
    while (nodes.length < objects.length) nodes.push(nodeOf(objects[nodes.length], slot))
    return JSON.stringify([root, nodes])
  }

  const decode = (text) => {
    const [root, nodes] = JSON.parse(text)
    const made = []
    const make = (index) => {
      made[index] ??= shellOf(nodes[index])
      return made[index]
    }
    const read = (slot) => {
      if (!Array.isArray(slot)) return slot
      const [what, as] = slot
      if (what === 'undefined') return undefined
      if (what === 'bigint') return BigInt(as)
      return what === 'number' ? Number(as) : make(what)
    }
    /** Objects that hold others are made empty, so that circles close; `fill` puts the others in. */
    const shellOf = ([kind, ...node]) => {
      switch (kind) {
        case 'list':
          return []
        case 'array':
          return new Array(node[0])
        case 'date':
          return new Date(read(node[0]))
        case 'regexp':
          return new RegExp(node[0], node[1])
        case 'map':
          return new Map()
        case 'set':
          return new Set()
        case 'buffer':
          return toBuffer(node[0])
        case 'view':
          return new (typeNamed(views, node[0]))(read(node[1]), node[2], node[3])
        case 'error':
          return Object.defineProperty(new (typeNamed(errors, node[0]))(node[1]), 'stack', {
            value: read(node[2]),
            writable: true,
            configurable: true,
          })
        case 'boxed':
          return Object(read(node[0]))
        default:
          return {}
      }
    }
    const fill = (object, [kind, ...node]) => {
      // A key may be `__proto__`, which is set only by defining it.
      const define = (key, value, enumerable = true) =>
        Object.defineProperty(object, key, { value, writable: true, enumerable, configurable: true })
      if (kind === 'list') for (const item of node[0]) object.push(read(item))
      else if (kind === 'array') for (const [key, item] of node[1]) define(key, read(item))
      else if (kind === 'object') for (const [key, item] of node[0]) define(key, read(item))
      else if (kind === 'map') for (const [key, item] of node[0]) object.set(read(key), read(item))
      else if (kind === 'set') for (const item of node[0]) object.add(read(item))
      else if (kind === 'error') for (const cause of node[3]) define('cause', read(cause), false)
    }
    for (const index of nodes.keys()) fill(make(index), nodes[index])
    return read(root)
  }

  return { encode, decode }
})()
