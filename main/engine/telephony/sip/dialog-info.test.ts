import { describe, expect, it } from 'vitest'
import { numberStateOf } from './dialog-info.ts'

const info = (...states: string[]) =>
  `<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="sip:a@b">${states
    .map((state, at) => `<dialog id="${at}" direction="recipient"><state>${state}</state></dialog>`)
    .join('')}</dialog-info>`

describe('a watched number', () => {
  it.each([
    [[], 'idle'],
    [['terminated'], 'idle'],
    [['early'], 'ringing'],
    [['terminated', 'proceeding'], 'ringing'],
    [['early', 'confirmed'], 'busy'],
  ])('with dialogues %j is %s', (states, shown) => {
    expect(numberStateOf(info(...states))).toBe(shown)
  })

  it('is told with prefixes and reasons, too', () => {
    const document =
      '<d:dialog-info><d:dialog id="1"><d:state event="x">\n confirmed </d:state></d:dialog></d:dialog-info>'
    expect(numberStateOf(document)).toBe('busy')
  })

  it.each(['', 'busy', '<presence/>', `<dialog-info>${' '.repeat(40_000)}</dialog-info>`])(
    'is unknown from what is no dialog-info',
    (document) => {
      expect(numberStateOf(document)).toBe('unknown')
    },
  )
})
