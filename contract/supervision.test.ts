import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from './accounts.ts'
import type { Happening } from './events.ts'
import { capabilities, type Grant, type Scope } from './permissions.ts'
import { Refusal } from './refusal.ts'
import { emptyState, fold, type SharedState } from './state.ts'
import {
  actReasonSchema,
  isListening,
  type SeatAct,
  type SeatCall,
  type SeatPresence,
  seatActs,
  voiceDescriptionSchema,
} from './supervision.ts'
import { allowedActs, boardOf, judgeAct, nextExpiryOf } from './supervision-rules.ts'

const NOW = 1_000
const TALKING = 'b3e1f1a0-0000-4000-8000-000000000001'
const WAITING = 'b3e1f1a0-0000-4000-8000-000000000002'
const SEAT = 'b3e1f1a0-0000-4000-8000-00000000000a'

describe('what may be done about the calls of another seat', () => {
  it('is what is granted over the agency and the scope of whoever sits there', () => {
    const state = city(
      account({ id: 'north', role: 'duty-officer', scope: { kind: 'area', area: 'gate' } }),
      account({
        id: 'fire',
        role: 'duty-officer',
        agency: 'fire',
        scope: { kind: 'agency', agency: 'fire' },
      }),
      account({ id: 'chief', role: 'shift-supervisor' }),
      account({ id: 'north-chief', role: 'shift-supervisor', scope: { kind: 'area', area: 'district' } }),
      account({ id: 'colleague', role: 'duty-officer', scope: { kind: 'area', area: 'district' } }),
      account({ id: 'clerk', role: 'administrator' }),
    )
    expect(allowedActs(state, 'chief', 'north', NOW)).toEqual(seatActs)
    expect(allowedActs(state, 'north-chief', 'north', NOW)).toEqual(seatActs)
    expect(allowedActs(state, 'north-chief', 'fire', NOW)).toEqual([])
    expect(allowedActs(state, 'north-chief', 'chief', NOW)).toEqual([])
    expect(allowedActs(state, 'colleague', 'north', NOW)).toEqual(['pick-up'])
    expect(allowedActs(state, 'north', 'colleague', NOW)).toEqual([])
    expect(allowedActs(state, 'clerk', 'north', NOW)).toEqual([])
    expect(allowedActs(state, 'chief', 'nobody', NOW)).toEqual([])
    expect(allowedActs(state, 'nobody', 'north', NOW)).toEqual([])
  })

  it('ends with the grant', () => {
    const state = city(
      account({ id: 'north', role: 'duty-officer' }),
      account({ id: 'guest', role: 'joint-duty-officer' }),
      grant({
        id: 'g',
        subject: { kind: 'account', account: 'guest' },
        capabilities: ['listen'],
        until: NOW,
      }),
    )
    expect(allowedActs(state, 'guest', 'north', NOW - 1)).toEqual(['listen'])
    expect(allowedActs(state, 'guest', 'north', NOW)).toEqual([])
    expect(nextExpiryOf(state, ['guest', 'north'], NOW - 1)).toBe(NOW)
    expect(nextExpiryOf(state, ['north'], NOW - 1)).toBeUndefined()
  })

  it('never goes beyond what is granted, whatever that is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...capabilities), { minLength: 1 }),
        anyScope,
        (granted, scope) => {
          const state = city(
            account({
              id: 'north',
              role: 'duty-officer',
              agency: 'fire',
              scope: { kind: 'area', area: 'gate' },
            }),
            account({ id: 'guest', role: 'joint-duty-officer' }),
            grant({ id: 'g', subject: { kind: 'account', account: 'guest' }, capabilities: granted, scope }),
          )
          const reaches =
            scope.kind === 'centre' ||
            (scope.kind === 'area' && ['gate', 'district'].includes(scope.area)) ||
            (scope.kind === 'agency' && scope.agency === 'fire')
          const board = boardOf(state, { seat: '', account: 'guest' }, [presence('north')], NOW)
          const acts = new Set(board.flatMap(({ calls }) => calls.flatMap((call) => call.acts)))
          const may = (capability: Grant['capabilities'][number]) => reaches && granted.includes(capability)
          expect(acts.has('listen')).toBe(may('listen'))
          expect(acts.has('whisper')).toBe(may('barge'))
          expect(acts.has('barge')).toBe(may('barge'))
          expect(acts.has('release')).toBe(may('force-release'))
          expect(acts.has('pick-up')).toBe(may('call'))
          if (acts.size === 0) expect(board).toEqual([])
        },
      ),
    )
  })
})

describe('the board of seats', () => {
  const state = city(
    account({
      id: 'north',
      role: 'duty-officer',
      lines: [{ id: 'line-1', exchange: 'main', number: '8001' }],
    }),
    account({ id: 'colleague', role: 'duty-officer' }),
    account({ id: 'chief', role: 'shift-supervisor' }),
    account({ id: 'clerk', role: 'administrator' }),
  )
  const shownTo = (id: string, seat = '') => boardOf(state, { seat, account: id }, [presence('north')], NOW)

  it('shows a supervisor all the calls, and what each can have done to it as it is', () => {
    expect(shownTo('chief')).toMatchObject([
      {
        seat: SEAT,
        account: 'north',
        calls: [
          { id: TALKING, line: '8001', acts: ['listen', 'whisper', 'barge', 'release'] },
          { id: WAITING, line: '8001', acts: ['pick-up'] },
        ],
      },
    ])
  })

  it('shows a colleague only what waits', () => {
    expect(shownTo('colleague')[0]?.calls).toMatchObject([{ id: WAITING, acts: ['pick-up'] }])
  })

  it('shows nothing to whoever may do nothing, and nobody their own seat', () => {
    expect(shownTo('clerk')).toEqual([])
    expect(shownTo('nobody')).toEqual([])
    expect(shownTo('north', SEAT)).toEqual([])
  })
})

describe('an act that is asked for', () => {
  const state = city(
    account({ id: 'north', role: 'duty-officer' }),
    account({ id: 'colleague', role: 'duty-officer' }),
    account({ id: 'chief', role: 'shift-supervisor' }),
    account({ id: 'clerk', role: 'administrator' }),
  )
  const judged = (who: string, act: SeatAct, call: string, there = true) => {
    try {
      const watched = there ? presence('north') : undefined
      return judgeAct(state, who, { act, seat: SEAT, call }, watched, NOW).id
    } catch (error) {
      return error instanceof Refusal ? error.code : error
    }
  }

  it('is granted as the board shows it', () => {
    for (const who of ['colleague', 'chief', 'clerk'])
      for (const call of [TALKING, WAITING])
        for (const act of seatActs) {
          const shown = boardOf(state, { seat: '', account: who }, [presence('north')], NOW)
            .flatMap(({ calls }) => calls)
            .some(({ id, acts }) => id === call && acts.includes(act))
          expect(judged(who, act, call) === call).toBe(shown)
        }
  })

  it('is refused in the same words where nothing may be done and where nobody is', () => {
    expect(judged('clerk', 'listen', TALKING)).toBe('not-found')
    expect(judged('chief', 'listen', TALKING, false)).toBe('not-found')
    expect(judged('colleague', 'listen', TALKING)).toBe('forbidden')
  })

  it('needs a call that is there, and as far as it must be', () => {
    expect(judged('chief', 'listen', SEAT)).toBe('call-over')
    expect(judged('chief', 'listen', WAITING)).toBe('not-answered')
    expect(judged('chief', 'release', WAITING)).toBe('not-answered')
    expect(judged('chief', 'pick-up', TALKING)).toBe('call-over')
  })
})

describe('what is said about acts', () => {
  it('has a reason of one line, 1 to 200 characters', () => {
    for (const reason of ['', '   ', 'x'.repeat(201), 'two\nlines'])
      expect(actReasonSchema.safeParse(reason).success).toBe(false)
    expect(actReasonSchema.parse(' 培训 ')).toBe('培训')
  })

  it('describes voice that is protected, in so many characters', () => {
    const protectedVoice =
      'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n'
    expect(voiceDescriptionSchema.safeParse(protectedVoice).success).toBe(true)
    for (const wrong of [
      protectedVoice.replace('SAVP', 'AVP'),
      protectedVoice.replace(/a=crypto.*/, ''),
      protectedVoice.padEnd(4_001, ' '),
      `${protectedVoice}\u0000`,
      'v=0',
    ])
      expect(voiceDescriptionSchema.safeParse(wrong).success).toBe(false)
  })

  it('tells what is heard from what is not', () => {
    expect(seatActs.filter(isListening)).toEqual(['listen', 'whisper', 'barge'])
  })
})

const anyScope: fc.Arbitrary<Scope> = fc.constantFrom<Scope>(
  { kind: 'centre' },
  { kind: 'area', area: 'gate' },
  { kind: 'area', area: 'district' },
  { kind: 'area', area: 'elsewhere' },
  { kind: 'agency', agency: 'fire' },
  { kind: 'agency', agency: 'police' },
  { kind: 'incident', incident: 'fire-7' },
)

function city(...happenings: Happening[]): SharedState {
  const area = (id: string, parent: string | null): Happening => ({
    kind: 'area.put',
    subject: `area/${id}`,
    area: id,
    data: { id, name: { zh: id, en: id }, parent, level: 'street' },
  })
  return fold(emptyState, [
    area('district', null),
    area('gate', 'district'),
    area('elsewhere', null),
    ...happenings,
  ])
}

function account(change: Partial<Account> & Pick<Account, 'id' | 'role'>): Happening {
  return {
    kind: 'account.put',
    subject: `account/${change.id}`,
    area: null,
    data: {
      name: { zh: change.id, en: change.id },
      agency: null,
      scope: { kind: 'centre' },
      disabled: false,
      ...change,
    },
  }
}

function grant(change: Partial<Grant> & Pick<Grant, 'id' | 'subject' | 'capabilities'>): Happening {
  const data: Grant = { scope: { kind: 'centre' }, until: null, ...change }
  return { kind: 'grant.given', subject: `grant/${change.id}`, area: null, data }
}

function presence(id: string): SeatPresence {
  const call = (change: Pick<SeatCall, 'id' | 'state'>): SeatCall => ({
    line: 'line-1',
    direction: 'in',
    number: '13900000001',
    unit: null,
    since: 0,
    priority: false,
    conference: null,
    ...change,
  })
  return {
    seat: SEAT,
    account: id,
    calls: [call({ id: TALKING, state: 'talking' }), call({ id: WAITING, state: 'waiting' })],
  }
}
