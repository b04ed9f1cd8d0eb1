/**
 * Structured clone over JSON text, the same in Node and in the page: what JSON lacks is tagged with "$".
 * Throws a DataCloneError for what can't be cloned, as postMessage does.
 */
// biome-ignore lint/correctness/noUnusedVariables: a classic script; the page and Node both read its global.
var standInCodec = (() => {
  const typed = [
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
  ]
  const byName = new Map(typed.map((type) => [type.name, type]))

  const toText = (bytes) => {
    let text = ''
    for (let at = 0; at < bytes.length; at += 0x8000)
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    return btoa(text)
  }
  const toBytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

  const encode = (value) => {
    if (value === undefined) return { $: 'undefined' }
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) }
    if (typeof value === 'number' && !Number.isFinite(value)) return { $: 'number', v: String(value) }
    if (Object.is(value, -0)) return { $: 'number', v: '-0' }
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError')
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(encode)
    if (value instanceof Date) return { $: 'date', v: value.getTime() }
    if (value instanceof Map) return { $: 'map', v: [...value].map(encode) }
    if (value instanceof Set) return { $: 'set', v: [...value].map(encode) }
    if (value instanceof Error)
      return { $: 'error', name: value.name, message: value.message, stack: value.stack }
    if (value instanceof ArrayBuffer) return { $: 'buffer', v: toText(new Uint8Array(value)) }
    if (ArrayBuffer.isView(value)) {
      const type = typed.find((known) => value instanceof known) ?? Uint8Array
      return { $: 'typed', type: type.name, v: toText(bytesOf(value)) }
    }
    const out = {}
    for (const key of Object.keys(value)) out[key.startsWith('$') ? `$${key}` : key] = encode(value[key])
    return out
  }

  const decode = (value) => {
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(decode)
    switch (value.$) {
      case 'undefined':
        return undefined
      case 'bigint':
        return BigInt(value.v)
      case 'number':
        return Number(value.v)
      case 'date':
        return new Date(value.v)
      case 'map':
        return new Map(value.v.map(decode))
      case 'set':
        return new Set(value.v.map(decode))
      case 'error':
        return Object.assign(new Error(value.message), { name: value.name, stack: value.stack })
      case 'buffer':
        return toBytes(value.v).buffer
      case 'typed': {
        const Type = byName.get(value.type)
        return new Type(toBytes(value.v).buffer)
      }
    }
    const out = {}
    for (const key of Object.keys(value)) out[key.startsWith('$$') ? key.slice(1) : key] = decode(value[key])
    return out
  }

  return { encode: (value) => JSON.stringify(encode(value)), decode: (text) => decode(JSON.parse(text)) }
})()
