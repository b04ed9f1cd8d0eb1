import { describe, expect, it } from 'vitest'
import { isReachable } from './presence.ts'

const document = (...said: readonly string[]) =>
  `<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:8002@pbx.test">${said
    .map((word, at) => `<tuple id="t${at}"><status><basic>${word}</basic></status></tuple>`)
    .join('')}</presence>`

describe('a number', () => {
  it.each([
    ['can be reached', true, document('open')],
    ['can be reached by one of its means', true, document('closed', 'open')],
    ['can’t be reached', false, document('closed')],
    [
      'can’t be reached, said with a prefix and spaces',
      false,
      '<p:presence ><p:basic> closed </p:basic></p:presence>',
    ],
    ['is not told of where nothing is said', null, document()],
    ['is not told of by another document', null, '<dialog-info><basic>open</basic></dialog-info>'],
    ['is not told of by a document that is too long', null, document('open') + ' '.repeat(40_000)],
    ['is not told of by nothing', null, ''],
  ])('%s', (_, reachable, text) => {
    expect(isReachable(text)).toBe(reachable)
  })
})
