/** What happened, in a sentence. */
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../contract/attachments.ts'
import type { Happening } from '../../../contract/events.ts'
import type { Details } from '../../../contract/incidents.ts'
import type { Id } from '../../../contract/primitives.ts'
import type { Message } from '../../../contract/threads.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { writePlace } from '../map/coordinates.ts'

type Told = Pick<Happening, 'kind' | 'data'>

/** What was brought along. */
export const broughtBy = ({ data }: Told): readonly Attachment[] | undefined =>
  'attachments' in data ? data.attachments : undefined

/** Whoever acted is named anyway; a telephone's words are its unit's. */
const saidIn = ({ from, text }: Pick<Message, 'from' | 'text'>): string =>
  from === undefined ? text : `${named(from.name)} (${from.number}): ${text}`

const filesOf = (told: Told): string => {
  const names = (broughtBy(told) ?? []).map(({ name }) => name)
  return names.length === 0 ? '' : `[${names.join(', ')}]`
}

/** Returns the empty string for what has no words: nothing of an incident's own. */
export function useStory(): (happening: Told) => string {
  const { t } = useTranslation()
  const tasks = useApp(({ shared }) => shared.state.incidents.tasks)
  const units = useApp(({ shared }) => shared.state.directory.units)
  const channels = useApp(({ shared }) => shared.state.directory.channels)
  const areas = useApp(({ shared }) => shared.state.directory.areas)
  const nameOf = (task: Id) => (tasks[task] === undefined ? '' : named(tasks[task].name))
  const written = (field: keyof Details, value: Details[keyof Details]): string => {
    if (value === null) return '–'
    if (typeof value !== 'string') return writePlace(value)
    if (field === 'category') return t(`incidentCategories.${value as Details['category']}`)
    const area = field === 'area' ? areas[value] : undefined
    return area === undefined ? value : named(area.name)
  }
  return (told) => {
    const happening = told as Happening
    switch (happening.kind) {
      case 'incident.opened':
        return t('story.opened', { title: happening.data.title })
      case 'incident.graded':
        return t('story.graded', { grade: t(`grades.${happening.data.grade}`) })
      case 'incident.amended': {
        const { field, to } = happening.data.detail
        return t('story.amended', { field: t(`details.${field}`), to: written(field, to) })
      }
      case 'incident.noted':
        return t('story.noted', { text: happening.data.text })
      case 'incident.joined':
        return t('story.joined', { name: named(happening.data.by.name) })
      case 'incident.left':
        return t('story.left', { name: named(happening.data.by.name) })
      case 'incident.invited':
        return t('story.invited', { name: named(happening.data.guest.name) })
      case 'incident.uninvited':
        return t(`story.uninvited.${happening.data.why}`)
      case 'incident.dispatched':
        return t('story.dispatched')
      case 'incident.handled':
        return t('story.handled')
      case 'incident.recalled':
        return t('story.recalled')
      case 'incident.closed':
        return [
          t('story.closed', { outcome: t(`outcomes.${happening.data.outcome}`) }),
          happening.data.words ?? '',
        ].join(' ')
      case 'incident.reviewed':
        return t('story.reviewed', { words: happening.data.words })
      case 'incident.reopened':
        return t('story.reopened', { words: happening.data.words })
      case 'incident.merged':
        return t('story.merged')
      case 'incident.overdue':
        return t('story.overdue')
      case 'incident.filed':
        return t('story.filed')
      case 'incident.exported':
        return t('story.exported', { reason: happening.data.reason })
      case 'task.assigned':
        return t('story.assigned', {
          name: named(happening.data.name),
          instruction: happening.data.instruction,
        })
      case 'task.stepped': {
        const { id, step, words } = happening.data
        return [
          t('story.stepped', { name: nameOf(id), step: t(`steps.${step}`) }),
          words ?? '',
          filesOf(happening),
        ].join(' ')
      }
      case 'task.overdue':
        return t('story.taskOverdue', { name: nameOf(happening.data.id) })
      case 'call.recorded': {
        const { direction, number, unit, answeredAt, endedAt } = happening.data
        const party = unit !== null && units[unit] !== undefined ? named(units[unit].name) : number
        return answeredAt === null
          ? t(`story.notAnswered.${direction}`, { party })
          : t(`story.call.${direction}`, { party, seconds: Math.round((endedAt - answeredAt) / 1000) })
      }
      case 'group-call.recorded':
        return t('story.groupCall', {
          kind: t(`groupCall.kinds.${happening.data.kind}`),
          n: happening.data.parties.filter(({ answeredAt }) => answeredAt !== null).length,
          of: happening.data.parties.length,
        })
      case 'message.sent':
        return [t('story.message', { text: saidIn(happening.data) }), filesOf(happening)].join(' ')
      case 'transmission.recorded': {
        const { talker, channel, startedAt, endedAt } = happening.data
        const name = talker.unit === null ? talker.name : units[talker.unit]?.name
        return t('story.transmission', {
          who: name === undefined ? (talker.radio ?? '?') : named(name),
          channel: channels[channel] === undefined ? channel : named(channels[channel].name),
          seconds: Math.round((endedAt - startedAt) / 1000),
        })
      }
      case 'alarm.raised': {
        const { unit, radio } = happening.data
        const known = unit === null ? undefined : units[unit]
        return t('story.alarm', { who: known === undefined ? (radio ?? '?') : named(known.name) })
      }
      case 'alarm.acknowledged':
        return t('story.acknowledged')
      case 'room.opened':
        return t('story.room', { name: happening.data.name })
      case 'room.carried': {
        const { what } = happening.data
        if (what.kind === 'channel') {
          const channel = channels[what.channel]
          return t('story.roomCarried', { who: channel === undefined ? what.channel : named(channel.name) })
        }
        const unit = what.unit === null ? undefined : units[what.unit]
        return t('story.roomCarried', { who: unit === undefined ? what.number : named(unit.name) })
      }
      case 'room.uncarried':
        return t('story.roomUncarried')
      case 'room.ended':
        return t('story.roomEnded')
      case 'supervision.begun':
        return t('story.supervision', { act: t(`supervision.acts.${happening.data.act}`) })
      case 'supervision.changed':
        return t('story.supervision', { act: t(`supervision.acts.${happening.data.act}`) })
      case 'supervision.ended':
        return t('story.supervisionEnded')
      default:
        return ''
    }
  }
}
