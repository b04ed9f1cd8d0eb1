/** The radio channels of the demonstration site. Where each is, is said by the lab that runs them (channel.place). */
import type * as z from 'zod'
import type { channelSchema } from '../../contract/radio.ts'

type ChannelInput = z.input<typeof channelSchema>

/** A group of the lab's own on the loopback interface; RFC 2365 keeps 239.255.0.0/16 within the site. */
const group = (nth: number): ChannelInput['access'] => ({
  kind: 'rtp',
  address: `239.255.110.${nth}`,
  port: 5004,
  interface: '127.0.0.1',
})

const lab = { placed: true } as const

export const demoChannels: readonly ChannelInput[] = [
  {
    id: 'police-city',
    name: { zh: '公安市级', en: 'Police city-wide' },
    area: 'nanjing',
    agency: 'police',
    access: group(1),
    hangMs: 1000,
    ...lab,
  },
  { id: 'fire', name: { zh: '消防', en: 'Fire and rescue' }, agency: 'fire', access: group(2), ...lab },
  { id: 'medical', name: { zh: '急救', en: 'Medical' }, agency: 'medical', access: group(3), ...lab },
  {
    id: 'urban-gulou',
    name: { zh: '城管鼓楼', en: 'Urban management Gulou' },
    area: 'gulou',
    agency: 'urban-management',
    access: group(4),
    ...lab,
  },
  {
    id: 'municipal',
    name: { zh: '市政抢修', en: 'Municipal works' },
    area: 'nanjing',
    agency: 'municipal',
    access: group(5),
    ...lab,
  },
  {
    id: 'common',
    name: { zh: '应急共用', en: 'Emergency, common' },
    access: group(6),
    timeOutS: 120,
    ...lab,
  },
  {
    id: 'police-air',
    name: { zh: '警航', en: 'Police air support' },
    area: 'nanjing',
    agency: 'police',
    access: { kind: 'sip', host: '127.0.0.1', user: 'radio', keying: 'ed137' },
    ...lab,
  },
]
