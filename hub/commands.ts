/** What each command does to the shared state, and who may give it. Pure. */
import { isDeepStrictEqual } from 'node:util'
import type { Command } from '../contract/commands.ts'
import type { Happening } from '../contract/events.ts'
import { isTerminalOf } from '../contract/incident-rules.ts'
import { type Capability, centre, may, type Target } from '../contract/permissions.ts'
import type { Id, Instant } from '../contract/primitives.ts'
import { mayOnChannel } from '../contract/radio-rules.ts'
import { Refusal } from '../contract/refusal.ts'
import type { SharedState } from '../contract/state.ts'
import type { ExchangeServer } from '../contract/telephony.ts'
import { currentGrants, unitTarget, visibleUnit } from '../contract/visibility.ts'
import { decideIncident } from './incidents/decide.ts'
import { tied } from './incidents/tied.ts'
import { decideRadio } from './radio/decide.ts'
import { decideThread } from './threads/decide.ts'

/** What happens when this account gives this command now. Throws a `Refusal` if it may not or can't. */
export function decide(state: SharedState, command: Command, account: Id, now: Instant): Happening[] {
  const grants = currentGrants(state, account)
  const allow = (capability: Capability, target: Target) => {
    if (!may(grants, capability, target, now)) throw new Refusal('forbidden', { capability })
  }
  const tie = (id: Id | undefined): { incident?: Id } => {
    const [incident] = tied(state, account, id === undefined ? [] : [id], now)
    return incident === undefined ? {} : { incident }
  }
  switch (command.kind) {
    case 'unit.set-state': {
      const known = state.directory.units[command.unit]
      // Whoever is out there says so themselves.
      const isOwn = isTerminalOf(known, account)
      const unit = isOwn ? known : visibleUnit(state, account, command.unit, now)
      if (unit === undefined) throw new Refusal('not-found', { what: 'unit', id: command.unit })
      if (!isOwn) allow('task', unitTarget(state, unit))
      if (unit.state === command.state) return []
      return [
        {
          kind: 'unit.state-set',
          subject: `unit/${unit.id}`,
          area: unit.area,
          data: { id: unit.id, state: command.state },
        },
      ]
    }
    case 'exchange.place': {
      allow('administer', centre)
      const { site } = state
      const known = site?.exchanges.find(({ id }) => id === command.exchange)
      if (site === null || known === undefined)
        throw new Refusal('not-found', { what: 'exchange', id: command.exchange })
      if (sameServers(known.servers, command.servers)) return []
      const exchanges = site.exchanges.map((exchange) =>
        exchange === known ? { ...exchange, servers: command.servers } : exchange,
      )
      return [{ kind: 'site.put', subject: `site/${site.id}`, area: null, data: { ...site, exchanges } }]
    }
    case 'channel.place': {
      allow('administer', centre)
      const { access } = command
      const channel = state.directory.channels[command.channel]
      if (channel === undefined) throw new Refusal('not-found', { what: 'channel', id: command.channel })
      // Everybody else's is where the site file says.
      if (!channel.placed || channel.access.kind !== access.kind)
        throw new Refusal('conflict', { what: 'channel', id: channel.id })
      if (isDeepStrictEqual(channel.access, access)) return []
      return [
        {
          kind: 'channel.put',
          subject: `channel/${channel.id}`,
          area: channel.area,
          data: { ...channel, access },
        },
      ]
    }
    case 'source.place': {
      allow('administer', centre)
      const { source: id, url } = command
      const { sources, feeds } = state.video
      const [source, feed] = [sources[id], feeds[id]]
      if (source === undefined || feed === undefined) throw new Refusal('not-found', { what: 'source', id })
      if (feed.kind !== 'rtsp' || feed.placed !== true) throw new Refusal('conflict', { what: 'source', id })
      if (feed.url === url) return []
      return [
        {
          kind: 'source.fed',
          subject: `source/${id}`,
          area: source.area,
          data: { id, feed: { ...feed, url } },
        },
      ]
    }
    case 'call.record': {
      const { incident, ...call } = command.call
      const own = state.access.accounts[account]?.lines?.some(({ id }) => id === call.line)
      if (own !== true) throw new Refusal('not-found', { what: 'line', id: call.line })
      const unit = call.unit === null ? undefined : state.directory.units[call.unit]
      return [
        {
          kind: 'call.recorded',
          subject: `call/${call.id}`,
          area: unit?.area ?? null,
          data: { ...call, ...tie(incident), account },
        },
      ]
    }
    case 'group-call.record': {
      const { incident, ...groupCall } = command.groupCall
      const lines = state.access.accounts[account]?.lines ?? []
      if (lines.length === 0) throw new Refusal('no-line')
      return [
        {
          kind: 'group-call.recorded',
          subject: `group-call/${groupCall.id}`,
          area: null,
          data: { ...groupCall, ...tie(incident), account },
        },
      ]
    }
    case 'patch.made': {
      const { patch } = command
      for (const end of patch.ends) {
        const channel = end.kind === 'channel' ? state.directory.channels[end.channel] : undefined
        // It may be gone by now; what was is told all the same.
        if (channel !== undefined && !mayOnChannel(grants, 'patch', state.directory, channel, now))
          throw new Refusal('forbidden', { capability: 'patch' })
      }
      return [{ kind: 'patch.made', subject: `patch/${patch.id}`, area: null, data: { ...patch, account } }]
    }
    case 'patch.undone': {
      const { undone } = command
      return [
        { kind: 'patch.undone', subject: `patch/${undone.id}`, area: null, data: { ...undone, account } },
      ]
    }
    case 'grant.give': {
      allow('administer', centre)
      const { grant } = command
      if (grant.id in state.access.grants) throw new Refusal('conflict', { what: 'grant', id: grant.id })
      const { subject } = grant
      if (subject.kind === 'account' && !(subject.account in state.access.accounts))
        throw new Refusal('not-found', { what: 'account', id: subject.account })
      return [{ kind: 'grant.given', subject: `grant/${grant.id}`, area: null, data: grant }]
    }
    case 'grant.end': {
      allow('administer', centre)
      if (!(command.grant in state.access.grants))
        throw new Refusal('not-found', { what: 'grant', id: command.grant })
      return [
        {
          kind: 'grant.ended',
          subject: `grant/${command.grant}`,
          area: null,
          data: { id: command.grant, reason: command.reason },
        },
      ]
    }
    case 'transmission.record':
    case 'alarm.raise':
    case 'alarm.call':
    case 'alarm.acknowledge':
    case 'radio-roll-call.record':
    case 'radio-act.do':
    case 'alert-tone.send':
      return decideRadio(state, command, account, now)
    case 'message.send':
    case 'message.mark':
    case 'message.carry':
    case 'message.report':
    case 'message.take-in':
    case 'group.form':
    case 'group.dissolve':
      return decideThread(state, command, account, now)
    default:
      return decideIncident(state, command, account, now)
  }
}

const sameServers = (a: readonly ExchangeServer[], b: readonly ExchangeServer[]): boolean =>
  a.length === b.length &&
  a.every(({ transport, host, port }, at) => {
    const other = b[at]
    return other?.transport === transport && other.host === host && other.port === port
  })
