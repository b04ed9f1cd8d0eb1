/** What the commands about the radio do, and who may give them. Pure. */
import type { Unit } from '../../contract/directory.ts'
import type { Happening } from '../../contract/events.ts'
import { unitOfTerminal } from '../../contract/field.ts'
import { incidentsUnderWay } from '../../contract/incident-rules.ts'
import { type Capability, may } from '../../contract/permissions.ts'
import type { Id, Instant } from '../../contract/primitives.ts'
import type { Channel, Talker } from '../../contract/radio.ts'
import type { RadioCommand } from '../../contract/radio-commands.ts'
import { alarmOfUnit, type RadioAlarm, transmissionToRecord } from '../../contract/radio-journal.ts'
import { mayOnChannel, unitWithRadio } from '../../contract/radio-rules.ts'
import { Refusal } from '../../contract/refusal.ts'
import type { RadioAct } from '../../contract/seat-radio.ts'
import type { SharedState } from '../../contract/state.ts'
import { currentGrants, unitTarget, visibleUnit } from '../../contract/visibility.ts'
import { tied } from '../incidents/tied.ts'

/** To silence somebody's radio is done to him as it is to hang up on him, and needs a reason as that does. */
const actCapability: Readonly<Record<RadioAct, Capability>> = {
  check: 'key-radio',
  inhibit: 'force-release',
  uninhibit: 'force-release',
}

/** That a transmission is tied to. */
const MOST_INCIDENTS = 8

/** What happens when this account gives this command now. Throws a `Refusal` if it may not or can't. */
export function decideRadio(
  state: SharedState,
  command: RadioCommand,
  account: Id,
  now: Instant,
): Happening[] {
  const channelFor = (id: Id, capability: Capability) => channelThatMay(state, account, capability, id, now)
  switch (command.kind) {
    case 'transmission.record': {
      const { incidents: selected = [], ...transmission } = command.transmission
      const isOwn = transmission.direction === 'out'
      const channel = channelFor(transmission.channel, isOwn ? 'key-radio' : 'view')
      const talker = isOwn ? officerAs(state, account) : talkerAs(state, transmission.talker)
      const incidents =
        talker.unit === null
          ? tied(state, account, isOwn ? selected : [], now)
          : incidentsUnderWay(state.incidents, talker.unit).slice(0, MOST_INCIDENTS)
      const toRecord = transmissionToRecord(state.radio, {
        ...transmission,
        talker,
        ...(incidents.length > 0 && { incidents }),
      })
      return toRecord === undefined ? [] : [onChannel(channel, 'transmission.recorded', toRecord)]
    }
    case 'alarm.raise': {
      const { alarm } = command
      const channel = channelFor(alarm.channel, 'view')
      if (Object.values(state.radio.alarms).some((open) => isOfSame(open, alarm))) return []
      if (alarm.id in state.radio.alarms) throw new Refusal('conflict', { what: 'alarm', id: alarm.id })
      const unit = alarm.radio === null ? null : unitWithRadio(state.directory, alarm.radio)
      // A seat whose clock is ahead does not raise an alarm for later.
      const at = Math.min(alarm.at, now)
      return [onChannel(channel, 'alarm.raised', { ...alarm, at, unit })]
    }
    case 'alarm.call': {
      const { id } = command
      const unit = unitOfTerminal(state, account)
      if (unit === undefined) throw new Refusal('not-found', { what: 'unit', id: account })
      if (alarmOfUnit(state.radio, unit.id) !== undefined) return []
      if (id in state.radio.alarms) throw new Refusal('conflict', { what: 'alarm', id })
      // A phone whose clock is ahead does not call for later.
      const at = Math.min(command.at, now)
      return [ofUnit(unit, 'alarm.raised', { id, channel: null, radio: null, unit: unit.id, at })]
    }
    case 'alarm.acknowledge': {
      const alarm = state.radio.alarms[command.alarm]
      if (alarm === undefined) throw new Refusal('not-found', { what: 'alarm', id: command.alarm })
      const { id } = alarm
      const by = { account, name: nameOf(state, account) }
      if (alarm.channel === null) {
        const unit = unitThatMay(state, account, 'call', alarm, now)
        return [ofUnit(unit, 'alarm.acknowledged', { id, channel: null, by })]
      }
      const channel = channelFor(alarm.channel, 'key-radio')
      return [onChannel(channel, 'alarm.acknowledged', { id, channel: channel.id, by })]
    }
    case 'radio-roll-call.record': {
      const { rollCall } = command
      return [onChannel(channelFor(rollCall.channel, 'key-radio'), 'radio-roll-call.recorded', rollCall)]
    }
    case 'radio-act.do': {
      const { kind: _, ...act } = command
      const channel = channelFor(act.channel, actCapability[act.act])
      if (act.act !== 'check' && act.reason === null) throw new Refusal('invalid', { what: 'reason' })
      return [onChannel(channel, 'radio-act.done', act)]
    }
    case 'alert-tone.send': {
      const { channel, tone } = command
      return [onChannel(channelFor(channel, 'key-radio'), 'alert-tone.sent', { channel, tone })]
    }
  }
}

/** The channel, if the account sees it and may do this there. Throws a `Refusal` otherwise. */
function channelThatMay(
  state: SharedState,
  account: Id,
  capability: Capability,
  id: Id,
  now: Instant,
): Channel {
  const channel = state.directory.channels[id]
  const grants = currentGrants(state, account)
  const may = (what: Capability) =>
    channel !== undefined && mayOnChannel(grants, what, state.directory, channel, now)
  // Whoever may not see it is not told that it is there.
  if (channel === undefined || !may('view')) throw new Refusal('not-found', { what: 'channel', id })
  if (!may(capability)) throw new Refusal('forbidden', { capability })
  return channel
}

/** The unit of an alarm, if the account sees it and may do this to it. Throws a `Refusal` otherwise. */
function unitThatMay(
  state: SharedState,
  account: Id,
  capability: Capability,
  { id, unit: of }: Pick<RadioAlarm, 'id' | 'unit'>,
  now: Instant,
): Unit {
  const unit = of === null ? undefined : visibleUnit(state, account, of, now)
  if (unit === undefined) throw new Refusal('not-found', { what: 'alarm', id })
  if (!may(currentGrants(state, account), capability, unitTarget(state, unit), now))
    throw new Refusal('forbidden', { capability })
  return unit
}

const isOfSame = (open: RadioAlarm, alarm: Pick<RadioAlarm, 'channel' | 'radio'>): boolean =>
  open.channel === alarm.channel && open.radio === alarm.radio

const nameOf = ({ access }: SharedState, account: Id) =>
  access.accounts[account]?.name ?? { zh: account, en: account }

/** The talker that an officer is to others. */
export const officerAs = ({ access }: Pick<SharedState, 'access'>, account: Id): Talker => {
  const officer = access.accounts[account]
  return {
    radio: officer?.callsign ?? null,
    unit: null,
    account,
    ...(officer !== undefined && { name: officer.name }),
  }
}

/** Whom a seat heard, as far as the directory knows him: a name is never taken from a seat. */
function talkerAs(state: SharedState, { radio, unit, account }: Talker): Talker {
  if (account !== null && account in state.access.accounts) return officerAs(state, account)
  const known = unit !== null && unit in state.directory.units ? unit : null
  return {
    radio,
    unit: radio === null ? known : (unitWithRadio(state.directory, radio) ?? known),
    account: null,
  }
}

type RadioHappening<K extends Happening['kind']> = Extract<Happening, { kind: K }>

const ofUnit = <K extends 'alarm.raised' | 'alarm.acknowledged'>(
  { id, area }: Unit,
  kind: K,
  data: RadioHappening<K>['data'],
): Happening => ({ kind, subject: `unit/${id}`, area, data }) as RadioHappening<K>

const onChannel = <K extends Happening['kind']>(
  { id, area }: Channel,
  kind: K,
  data: RadioHappening<K>['data'],
): Happening => ({ kind, subject: `channel/${id}`, area, data }) as RadioHappening<K>
