/**
 * A stand-in for a camera that can be turned: none runs here. Built from the ONVIF Core, Media and PTZ Service
 * specifications; it takes what they say it takes, and refuses a login that is wrong, too old or used before.
 */
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AtEnd } from './at-end.ts'

export interface OnvifCamera {
  /** Of its device service. */
  readonly url: string
  /** What it did, in order: `move 0.5 0 0`, `stop`, `go-to gate`, `key-frame main`. */
  readonly done: readonly string[]
  /** Which way it goes now; null: it stands still. */
  readonly moving: string | null
  /** What it answers to everything from now on, whatever it is asked; undefined: as it should. */
  answerWith(answer: string | undefined): void
  /** As one that is switched off. */
  close(): void
}

export interface OnvifCameraOptions {
  readonly login?: { readonly user: string; readonly password: string }
  /** How it wants to be told who asks: Core 5.9.1. */
  readonly wants?: 'token' | 'digest'
  /** Its clock is ahead by so much, ms. */
  readonly ahead?: number
  /** Of before Core 2.1: it knows no GetServices, and no Media2. */
  readonly old?: boolean
  /** Has it anything that turns? */
  readonly turns?: boolean
  readonly presets?: Readonly<Record<string, string>>
  /** It was asked for a whole picture. */
  onKeyFrame?(): void
}

const MOST_SKEW_MS = 5_000
const REALM = 'camera'

export async function startOnvifCamera(
  atEnd: AtEnd,
  {
    login,
    wants = 'token',
    ahead = 0,
    old = false,
    turns = true,
    presets = { 'p-1': '大门', 'p-2': '停车场 & 出口' },
    onKeyFrame = () => undefined,
  }: OnvifCameraOptions = {},
): Promise<OnvifCamera> {
  const done: string[] = []
  const nonces = new Set<string>()
  let moving: string | null = null
  let timeout: NodeJS.Timeout | undefined
  let instead: string | undefined
  const now = () => new Date(Date.now() + ahead)

  const isTokenRight = (envelope: string): boolean => {
    const [user, digest, nonce, created] = ['Username', 'Password', 'Nonce', 'Created'].map(
      (tag) => new RegExp(`<(?:\\w+:)?${tag}(?:\\s[^>]*)?>([^<]*)<`).exec(envelope)?.[1] ?? '',
    ) as [string, string, string, string]
    if (login === undefined) return true
    if (nonces.has(nonce) || Math.abs(now().getTime() - Date.parse(created)) > MOST_SKEW_MS) return false
    nonces.add(nonce)
    const expected = createHash('sha1')
      .update(Buffer.from(nonce, 'base64'))
      .update(created)
      .update(login.password)
      .digest('base64')
    return user === login.user && digest === expected
  }
  const isDigestRight = (header: string | undefined, path: string): boolean => {
    if (login === undefined) return true
    const said = new Map(
      [...(header ?? '').matchAll(/(\w+)="?([^",]*)"?/g)].map(([, k = '', v = '']) => [k, v]),
    )
    const nonce = said.get('nonce') ?? ''
    const key = `${nonce} ${said.get('nc')}`
    if (!nonces.has(nonce) || nonces.has(key)) return false
    nonces.add(key)
    const sha = (text: string) => createHash('sha256').update(text).digest('hex')
    const expected = sha(
      [
        sha(`${login.user}:${REALM}:${login.password}`),
        nonce,
        said.get('nc'),
        said.get('cnonce'),
        'auth',
        sha(`POST:${path}`),
      ].join(':'),
    )
    return said.get('response') === expected
  }

  const stand = () => {
    clearTimeout(timeout)
    moving = null
  }
  const answers: Record<string, (envelope: string) => string> = {
    GetSystemDateAndTime: () => {
      const at = now()
      return `<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>${at.getUTCHours()}</Hour><Minute>${at.getUTCMinutes()}</Minute><Second>${at.getUTCSeconds()}</Second></Time><Date><Year>${at.getUTCFullYear()}</Year><Month>${at.getUTCMonth() + 1}</Month><Day>${at.getUTCDate()}</Day></Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>`
    },
    ...(old
      ? {
          GetCapabilities: () =>
            `<GetCapabilitiesResponse><Capabilities><tt:Media><tt:XAddr>http://10.9.9.9/onvif/media</tt:XAddr></tt:Media>${turns ? '<tt:PTZ><tt:XAddr>http://10.9.9.9/onvif/ptz</tt:XAddr></tt:PTZ>' : ''}</Capabilities></GetCapabilitiesResponse>`,
        }
      : {
          // Where it says its services are is where it is known inside, which nobody here can reach.
          GetServices: () =>
            `<tds:GetServicesResponse>${[
              ['http://www.onvif.org/ver10/device/wsdl', 'device_service'],
              ['http://www.onvif.org/ver20/media/wsdl', 'media2'],
              ...(turns ? [['http://www.onvif.org/ver20/ptz/wsdl', 'ptz']] : []),
            ]
              .map(
                ([space, path]) =>
                  `<tds:Service><tds:Namespace>${space}</tds:Namespace><tds:XAddr>http://10.9.9.9/onvif/${path}</tds:XAddr></tds:Service>`,
              )
              .join('')}</tds:GetServicesResponse>`,
        }),
    GetProfiles: () =>
      old
        ? '<GetProfilesResponse><Profiles token="fixed"><tt:Name>fixed</tt:Name></Profiles><Profiles token="main"><tt:PTZConfiguration token="c"><tt:NodeToken>n</tt:NodeToken></tt:PTZConfiguration></Profiles></GetProfilesResponse>'
        : '<tr2:GetProfilesResponse><tr2:Profiles token="main"><tr2:Name>main</tr2:Name><tr2:Configurations><tr2:PTZ token="c"><tt:Name>c</tt:Name></tr2:PTZ></tr2:Configurations></tr2:Profiles></tr2:GetProfilesResponse>',
    SetSynchronizationPoint: (envelope) => {
      done.push(`key-frame ${/<ProfileToken>([^<]*)</.exec(envelope)?.[1]}`)
      onKeyFrame()
      return '<SetSynchronizationPointResponse/>'
    },
    ...(turns && {
      ContinuousMove: (envelope: string) => {
        const [, x = '0', y = '0'] = /<PanTilt x="([^"]+)" y="([^"]+)"/.exec(envelope) ?? []
        const [, zoom = '0'] = /<Zoom x="([^"]+)"/.exec(envelope) ?? []
        const [, seconds] = /<Timeout>PT(\d+)S<\/Timeout>/.exec(envelope) ?? []
        moving = `${x} ${y} ${zoom}`
        done.push(`move ${moving}`)
        clearTimeout(timeout)
        timeout = setTimeout(stand, Number(seconds) * 1_000)
        return '<ContinuousMoveResponse/>'
      },
      Stop: () => {
        stand()
        done.push('stop')
        return '<StopResponse/>'
      },
      GetPresets: () =>
        `<GetPresetsResponse>${Object.entries(presets)
          .map(
            ([token, name]) =>
              `<Preset token="${token}"><tt:Name>${name.replace('&', '&amp;')}</tt:Name></Preset>`,
          )
          .join('')}</GetPresetsResponse>`,
      GotoPreset: (envelope: string) => {
        const [, token = ''] = /<PresetToken>([^<]*)</.exec(envelope) ?? []
        if (!(token in presets)) throw new Error('The requested preset token does not exist.')
        stand()
        done.push(`go-to ${token}`)
        return '<GotoPresetResponse/>'
      },
    }),
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    let envelope = ''
    for await (const part of request) envelope += part
    const say = (status: number, text: string, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/soap+xml; charset=utf-8', ...headers })
        .end(text)
    if (instead !== undefined) return say(200, instead)
    const action = /<(?:\w+:)?Body[^>]*>\s*<(\w+)/.exec(envelope)?.[1] ?? ''
    const isOpen = action === 'GetSystemDateAndTime'
    if (!isOpen && wants === 'digest' && !isDigestRight(request.headers.authorization, request.url ?? '')) {
      const nonce = randomBytes(8).toString('hex')
      nonces.add(nonce)
      return say(401, '', {
        'www-authenticate': `Digest realm="${REALM}", qop="auth", nonce="${nonce}", algorithm=SHA-256`,
      })
    }
    if (!isOpen && wants === 'token' && !isTokenRight(envelope))
      return say(400, faulty('s:Sender', 'ter:NotAuthorized', 'The action requested requires authorization.'))
    const answer = answers[action]
    if (answer === undefined)
      return say(400, faulty('s:Receiver', 'ter:ActionNotSupported', 'Optional action not implemented'))
    try {
      return say(200, enveloped(answer(envelope)))
    } catch (error) {
      return say(400, faulty('s:Sender', 'ter:NoToken', (error as Error).message))
    }
  }
  const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    stand()
    server.closeAllConnections()
    server.close()
  }
  atEnd(close)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/onvif/device_service`,
    done,
    get moving() {
      return moving
    },
    answerWith: (answer) => {
      instead = answer
    },
    close,
  }
}

const enveloped = (content: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>${content}</s:Body></s:Envelope>`

const faulty = (code: string, subcode: string, words: string): string =>
  enveloped(
    `<s:Fault><s:Code><s:Value>${code}</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">${words}</s:Text></s:Reason></s:Fault>`,
  )
