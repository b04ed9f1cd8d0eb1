/** A camera that can be told something, over ONVIF: Core Specification, Media and Media2, PTZ Service Specification. */
import * as z from 'zod'
import type { Direction, Preset } from '../../contract/steering.ts'
import { escaped, openSoapDevice, type SoapLogin, SoapTrouble, within } from './soap.ts'

const ANSWER_WITHIN_MS = 5_000
/** The camera stops by itself when it hears nothing more, s. */
const MOVES_AT_MOST_S = 2
const MOST_PRESETS = 256
const MOST_PROFILES = 8

const DEVICE = 'http://www.onvif.org/ver10/device/wsdl'
const MEDIA = 'http://www.onvif.org/ver10/media/wsdl'
const MEDIA2 = 'http://www.onvif.org/ver20/media/wsdl'
const PTZ = 'http://www.onvif.org/ver20/ptz/wsdl'
const TYPES = 'http://www.onvif.org/ver10/schema'

/** What it is asked rejects with a `SoapTrouble`, or a `NotSteerable`. */
export interface OnvifCamera {
  /** In this direction until it is told otherwise, two seconds at most. */
  move(direction: Direction): Promise<void>
  stop(): Promise<void>
  presets(): Promise<Preset[]>
  goTo(preset: string): Promise<void>
  /** Whether it can be turned at all. */
  turns(): Promise<boolean>
  /** A whole picture, soon, in each of its streams. */
  keyFrame(): Promise<void>
}

/** The device has nothing that turns. */
export class NotSteerable extends Error {
  override readonly name = 'NotSteerable'
}

export interface OnvifCameraOptions {
  /** Of its device service. */
  readonly url: string
  readonly login: SoapLogin | undefined
  readonly clock: () => number
}

/** Where its services are, and by which names it knows its streams. */
interface Found {
  /** Of what turns it. */
  readonly ptz: string | undefined
  readonly media: { readonly space: string; readonly path: string; readonly profiles: readonly Profile[] }
}

interface Profile {
  readonly token: string
  readonly turns: boolean
}

/** Nothing is asked of it before it is to do something. */
export function openOnvifCamera({ url, login, clock }: OnvifCameraOptions): OnvifCamera {
  const { origin, pathname, search } = new URL(url)
  const door = `${pathname}${search}`
  const device = openSoapDevice({ origin, login, clock, answerWithinMs: ANSWER_WITHIN_MS })
  let found: Promise<Found> | undefined

  const find = async (): Promise<Found> => {
    device.isAhead(await aheadOf())
    const services = await servicesOf()
    for (const [space, question] of profileQuestions) {
      const path = services.get(space)
      if (path === undefined) continue
      const answer = within(await device.ask(path, question), 'GetProfilesResponse')
      const profiles = read(profilesSchema, answer === '' ? {} : answer).Profiles.slice(0, MOST_PROFILES)
      if (profiles.length === 0) continue
      return {
        ptz: services.get(PTZ),
        media: {
          space,
          path,
          profiles: profiles.map(({ '@token': token, PTZConfiguration, Configurations }) => ({
            token,
            turns: (PTZConfiguration ?? Configurations?.PTZ) !== undefined,
          })),
        },
      }
    }
    throw new NotSteerable()
  }
  /** Core, 5.9.3: the time can be asked for without a login. Of a camera that does not tell: as here. */
  const aheadOf = async (): Promise<number> => {
    const answer = await device
      .ask(door, `<GetSystemDateAndTime xmlns="${DEVICE}"/>`, { open: true })
      .catch((error) => {
        if (error instanceof SoapTrouble && error.kind === 'unreachable') throw error
      })
    const said = timeSchema.safeParse(
      within(answer, 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime'),
    )
    if (!said.success) return 0
    const { Date: day, Time: time } = said.data
    const then = Date.UTC(day.Year, day.Month - 1, day.Day, time.Hour, time.Minute, time.Second)
    return then - clock()
  }
  /** The paths of its services, by name space. Where it says they are is only a path: it may not know its address here. */
  const servicesOf = async (): Promise<Map<string, string>> => {
    try {
      const question = `<GetServices xmlns="${DEVICE}"><IncludeCapability>false</IncludeCapability></GetServices>`
      const { Service } = read(
        servicesSchema,
        within(await device.ask(door, question), 'GetServicesResponse'),
      )
      return new Map(Service.flatMap(({ Namespace, XAddr }) => addressed(Namespace, XAddr)))
    } catch (error) {
      // Cameras of before Core 2.1 know another question only.
      if (!(error instanceof SoapTrouble) || error.kind === 'unreachable' || error.kind === 'refused')
        throw error
    }
    const question = `<GetCapabilities xmlns="${DEVICE}"><Category>All</Category></GetCapabilities>`
    const { Media, PTZ: ptz } = read(
      capabilitiesSchema,
      within(await device.ask(door, question), 'GetCapabilitiesResponse', 'Capabilities'),
    )
    return new Map([...addressed(MEDIA, Media?.XAddr ?? ''), ...addressed(PTZ, ptz?.XAddr ?? '')])
  }

  /** Of the camera as it was found; found again the next time if it does not do it. */
  const withFound = async <T>(what: (camera: Found) => Promise<T>): Promise<T> => {
    found ??= find()
    const looked = found
    try {
      return await what(await looked)
    } catch (error) {
      // It may be another camera by now, or the same one begun again.
      if (found === looked) found = undefined
      throw error
    }
  }
  const ask = (tag: string, content: string): Promise<unknown> =>
    withFound(async ({ ptz, media }) => {
      const profile = media.profiles.find(({ turns }) => turns)
      if (ptz === undefined || profile === undefined) throw new NotSteerable()
      const which = `<ProfileToken>${escaped(profile.token)}</ProfileToken>`
      return device.ask(ptz, `<${tag} xmlns="${PTZ}">${which}${content}</${tag}>`)
    })

  return {
    move: async ({ pan, tilt, zoom }) => {
      const turn = pan === 0 && tilt === 0 ? '' : `<PanTilt x="${pan}" y="${tilt}" xmlns="${TYPES}"/>`
      const close = zoom === 0 ? '' : `<Zoom x="${zoom}" xmlns="${TYPES}"/>`
      const velocity = `<Velocity>${turn}${close}</Velocity>`
      await ask('ContinuousMove', `${velocity}<Timeout>PT${MOVES_AT_MOST_S}S</Timeout>`)
    },
    stop: async () => {
      await ask('Stop', '<PanTilt>true</PanTilt><Zoom>true</Zoom>')
    },
    presets: async () => {
      const answer = within(await ask('GetPresets', ''), 'GetPresetsResponse')
      const { Preset: found } = read(presetsSchema, answer === '' ? {} : answer)
      return found
        .slice(0, MOST_PRESETS)
        .map(({ '@token': token, Name }) => ({ token, name: Name === '' ? token : Name }))
    },
    goTo: async (preset) => {
      await ask('GotoPreset', `<PresetToken>${escaped(preset)}</PresetToken>`)
    },
    turns: () =>
      withFound(async ({ ptz, media }) => ptz !== undefined && media.profiles.some(({ turns }) => turns)),
    keyFrame: () =>
      withFound(async ({ media: { space, path, profiles } }) => {
        for (const { token } of profiles) {
          const which = `<ProfileToken>${escaped(token)}</ProfileToken>`
          await device.ask(
            path,
            `<SetSynchronizationPoint xmlns="${space}">${which}</SetSynchronizationPoint>`,
          )
        }
      }),
  }
}

const profileQuestions = [
  [MEDIA2, `<GetProfiles xmlns="${MEDIA2}"><Type>PTZ</Type></GetProfiles>`],
  [MEDIA, `<GetProfiles xmlns="${MEDIA}"/>`],
] as const

/** One, or several, as the parser gives them. */
const several = <T extends z.ZodType>(one: T) =>
  z.preprocess((found) => (found === undefined ? [] : [found].flat()), z.array(one))

const servicesSchema = z.object({
  Service: several(z.object({ Namespace: z.string(), XAddr: z.string() })),
})
const capabilitiesSchema = z.object({
  Media: z.object({ XAddr: z.string() }).optional(),
  PTZ: z.object({ XAddr: z.string() }).optional(),
})
const profilesSchema = z.object({
  Profiles: several(
    z.object({
      '@token': z.string().min(1).max(64),
      PTZConfiguration: z.unknown().optional(),
      Configurations: z.object({ PTZ: z.unknown().optional() }).optional().catch(undefined),
    }),
  ),
})
const presetsSchema = z.object({
  Preset: several(z.object({ '@token': z.string().min(1).max(64), Name: z.string().max(64).catch('') })),
})
const number = z.coerce.number().int()
const timeSchema = z.object({
  Date: z.object({ Year: number, Month: number, Day: number }),
  Time: z.object({ Hour: number, Minute: number, Second: number }),
})

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const { success, data } = schema.safeParse(answer)
  if (!success) throw new SoapTrouble('nonsense')
  return data
}

/** What a service is called, and its path; nothing where the camera has no address for it. */
function addressed(space: string, address: string): [space: string, path: string][] {
  const url = URL.parse(address)
  return url === null ? [] : [[space, `${url.pathname}${url.search}`]]
}
