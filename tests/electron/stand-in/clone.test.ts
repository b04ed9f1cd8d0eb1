/** What structured clone must carry, as the HTML standard lists it (section 2.7, Safe passing of structured data). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codec } from './codec.ts'

const carried = (value: unknown) => codec.decode(codec.encode(value))

describe('a value carried as text', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['not a number', Number.NaN],
    ['infinities', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['minus zero', -0],
    ['a large integer', 2n ** 80n],
    ['text with a NUL, a quote and half a pair', '\0"\ud800'],
    ['a date', new Date(0)],
    ['no date', new Date(Number.NaN)],
    ['a pattern', /a\/b/giu],
    ['a map whose keys are objects', new Map([[{ a: 1 }, new Set([1, undefined])]])],
    ['properties that are there, though undefined', { a: undefined }],
    ['a list with holes', Object.assign(new Array(3), { 1: 'one' })],
    ['a list with a name', Object.assign([1], { name: 'x' })],
    ['boxed values', [Object(1), Object('a'), Object(false), Object(1n)]],
    ['a buffer', new Uint8Array([0, 255, 7]).buffer],
    ['numbers of every kind', [new Float64Array([0.1, -0]), new BigInt64Array([-1n]), new Int16Array([-5])]],
    ['a view', new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1)],
    ['keys that look like markup', { $: 'undefined', __proto__x: 1, '': 2, '0': 3 }],
  ])('is the same: %s', (_what, value) => {
    expect(carried(value)).toStrictEqual(value)
  })

  it('is the same whatever JSON-like thing it is', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        expect(carried(value)).toStrictEqual(structuredClone(value))
      }),
    )
  })

  it('keeps which objects are one, and circles', () => {
    const one: Record<string, unknown> = { name: 'one' }
    one.self = one
    const [first, second] = carried([one, one]) as [typeof one, typeof one]
    expect(first).toBe(second)
    expect(first.self).toBe(first)
  })

  it('keeps views on one buffer on one buffer', () => {
    const buffer = new ArrayBuffer(8)
    const [low, high] = carried([new Uint8Array(buffer, 0, 4), new Uint8Array(buffer, 4)]) as [
      Uint8Array,
      Uint8Array,
    ]
    expect(low.buffer).toBe(high.buffer)
    expect([high.byteOffset, high.length]).toEqual([4, 4])
  })

  it('turns a Buffer into plain bytes, as a clone does', () => {
    const bytes = carried(Buffer.from('abc'))
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
    expect(bytes).toEqual(new Uint8Array([97, 98, 99]))
  })

  it('keeps the kind, message, stack and cause of an error', () => {
    const error = new RangeError('too far', { cause: new Error('why') })
    const copy = carried(error) as RangeError
    expect(copy).toBeInstanceOf(RangeError)
    expect([copy.message, copy.stack, copy.cause]).toEqual([error.message, error.stack, error.cause])
    expect(Object.keys(copy)).toEqual([])
  })

  it('keeps a property named __proto__ a property', () => {
    const copy = carried(JSON.parse('{"__proto__":{"admin":true}}')) as Record<string, unknown>
    expect(Object.hasOwn(copy, '__proto__')).toBe(true)
    expect(copy.admin).toBe(undefined)
  })

  it('loses the class of an object, as a clone does', () => {
    class Unit {
      readonly id = 'u1'
      get name() {
        return 'never read'
      }
    }
    expect(carried(new Unit())).toStrictEqual({ id: 'u1' })
  })

  it.each([
    ['a function', () => undefined],
    ['a symbol', Symbol('s')],
    ['a promise', Promise.resolve()],
    ['a weak map', new WeakMap()],
    ['something that holds a function', { deep: [{ work: () => undefined }] }],
  ])('is refused in Electron’s words: %s', (_what, value) => {
    expect(() => codec.encode(value)).toThrow('An object could not be cloned.')
  })

  it('is refused by name where the stand-in can’t carry what Electron can', () => {
    expect(() => codec.encode(new Blob(['x']))).toThrow(/can not carry \[object Blob\]/)
  })
})
