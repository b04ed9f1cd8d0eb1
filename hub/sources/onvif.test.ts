import { describe, expect, it, onTestFinished } from 'vitest'
import { type OnvifCameraOptions, startOnvifCamera } from '../../tests/support/onvif-camera.ts'
import { NotSteerable, openOnvifCamera } from './onvif.ts'
import { SoapTrouble } from './soap.ts'

const login = { user: 'officer & co', password: 'a <secret>' }

describe('a camera that can be turned', () => {
  const start = async (options: OnvifCameraOptions = {}, as = options.login) => {
    const device = await startOnvifCamera(onTestFinished, options)
    return { device, camera: openOnvifCamera({ url: device.url, login: as, clock: Date.now }) }
  }
  const left = { pan: -0.5, tilt: 0.25, zoom: 0 }

  it.each<[string, OnvifCameraOptions]>([
    ['lets in whoever asks', {}],
    ['wants a user token', { login: { ...login, user: 'officer' } }],
    [
      'wants a user token and lives an hour ahead',
      { login: { ...login, user: 'officer' }, ahead: 3_600_000 },
    ],
    ['wants HTTP digest', { login, wants: 'digest' }],
    ['knows only the older questions', { login: { ...login, user: 'officer' }, old: true }],
  ])('that %s moves, stops and goes to what it has stored', async (_, options) => {
    const { device, camera } = await start(options)
    await camera.move(left)
    expect(device.moving).toBe('-0.5 0.25 0')
    await camera.stop()
    expect(device.moving).toBe(null)
    await camera.move({ pan: 0, tilt: 0, zoom: 1 })
    expect(device.moving).toBe('0 0 1')
    expect(await camera.presets()).toEqual([
      { token: 'p-1', name: '大门' },
      { token: 'p-2', name: '停车场 & 出口' },
    ])
    await camera.goTo('p-2')
    expect(device.done).toEqual(['move -0.5 0.25 0', 'stop', 'move 0 0 1', 'go-to p-2'])
  })

  it.each([true, false])('is asked for whole pictures, whether it turns or not (old: %s)', async (old) => {
    for (const turns of [true, false]) {
      const { device, camera } = await start({ old, turns })
      expect(await camera.turns()).toBe(turns)
      await camera.keyFrame()
      expect(device.done).toEqual(old ? ['key-frame fixed', 'key-frame main'] : ['key-frame main'])
    }
  })

  it('may have stored nothing', async () => {
    const { camera } = await start({ presets: {} })
    expect(await camera.presets()).toEqual([])
  })

  it('refuses another login, and says in its own words what else it does not do', async () => {
    for (const wants of ['token', 'digest'] as const) {
      const { device, camera } = await start({ login, wants }, { ...login, password: 'a secret' })
      await expect(camera.move(left)).rejects.toMatchObject({ kind: 'refused' })
      expect(device.done).toEqual([])
    }
    const { camera } = await start()
    await expect(camera.goTo('p-1</PresetToken><x>')).rejects.toMatchObject({
      kind: 'fault',
      words: 'The requested preset token does not exist.',
    })
  })

  it('may have nothing that turns', async () => {
    for (const old of [true, false]) {
      const { camera } = await start({ turns: false, old })
      await expect(camera.stop()).rejects.toBeInstanceOf(NotSteerable)
    }
  })

  it('is looked for again when it was away', async () => {
    const { device, camera } = await start()
    await camera.stop()
    device.answerWith('')
    await expect(camera.stop()).rejects.toBeInstanceOf(SoapTrouble)
    device.answerWith(undefined)
    await camera.stop()
    device.close()
    await expect(camera.stop()).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it.each([
    ['no XML', '<html><p>404'],
    ['no envelope', '<a/>'],
    [
      'no document type may be declared',
      '<!DOCTYPE a [<!ENTITY b "c">]><s:Envelope xmlns:s="s"><s:Body/></s:Envelope>',
    ],
    [
      'not what was asked for',
      '<s:Envelope xmlns:s="s"><s:Body><GetProfilesResponse/></s:Body></s:Envelope>',
    ],
    [
      'no addresses',
      '<s:Envelope xmlns:s="s"><s:Body><GetServicesResponse><Service><Namespace>n</Namespace><XAddr>x</XAddr></Service></GetServicesResponse></s:Body></s:Envelope>',
    ],
    [
      'more than anybody says',
      `<s:Envelope xmlns:s="s"><s:Body>${'x'.repeat(1 << 20)}</s:Body></s:Envelope>`,
    ],
  ])('that answers nonsense (%s) is told by that', async (_, answer) => {
    const { device, camera } = await start()
    device.answerWith(answer)
    await expect(camera.presets()).rejects.toSatisfy(
      (error) => error instanceof NotSteerable || (error instanceof SoapTrouble && error.kind === 'nonsense'),
    )
  })
})
