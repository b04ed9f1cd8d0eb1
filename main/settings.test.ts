import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freshRadio } from '../contract/radio-settings.ts'
import { defaultSettings, type MapFile } from '../contract/settings.ts'
import { openSettings } from './settings.ts'

let folder: string
let troubles: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchfloor-settings-'))
  troubles = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = () => openSettings(folder, (why) => troubles.push(why))
const file = () => join(folder, 'settings.json')
const window = { bounds: { x: 10, y: 20, width: 1200, height: 800 }, maximised: false, fullScreen: true }
const mapFile = (id: string): MapFile => ({
  basemap: { kind: 'geojson', id, name: { zh: '图', en: 'Map' }, datum: 'wgs84' },
  file: 'map.geojson',
})

describe('the seat’s settings', () => {
  it('are the defaults on a first start', () => {
    const settings = open()
    expect([settings.seat, settings.window('console'), troubles]).toEqual([defaultSettings, null, []])
  })

  it('are there again after a restart', () => {
    const settings = open()
    settings.change({ theme: 'light', zoom: 1.2 })
    settings.keepLayout('duty-1', { panels: ['map'] })
    settings.keepWindow('console', window)
    settings.setSecret('tile-key.tianditu', 'c2VhbGVk')
    const later = open()
    expect(later.seat).toEqual({
      ...defaultSettings,
      theme: 'light',
      zoom: 1.2,
      layouts: { 'duty-1': { panels: ['map'] } },
    })
    expect([later.window('console'), later.secret('tile-key.tianditu')]).toEqual([window, 'c2VhbGVk'])
  })

  it('change by what a change says, and by nothing it leaves out', () => {
    const settings = open()
    settings.change({ theme: 'light' })
    settings.change({ language: 'en', theme: undefined } as never)
    settings.change({ audio: { ringVolume: 0.8 } })
    settings.change({ audio: { noiseSuppression: false } })
    const audio = { ...defaultSettings.audio, ringVolume: 0.8, noiseSuppression: false }
    settings.change({ favourites: { 'duty-1': [{ unit: 'gulou-07' }] } })
    settings.change({ favourites: { 'duty-2': [{ number: '60001', name: null }] } })
    const favourites = { 'duty-1': [{ unit: 'gulou-07' }], 'duty-2': [{ number: '60001', name: null }] }
    settings.change({ radio: { 'duty-1': { ...freshRadio, selected: ['police-1'] } } })
    settings.change({ radio: { 'duty-2': { ...freshRadio, muted: ['fire-1'] } } })
    settings.change({ pushToTalk: { mode: 'latch' } })
    settings.change({ pushToTalk: { functionKeys: { F1: 'police-1' } } })
    expect(settings.seat).toEqual({
      ...defaultSettings,
      theme: 'light',
      language: 'en',
      audio,
      favourites,
      radio: {
        'duty-1': { ...freshRadio, selected: ['police-1'] },
        'duty-2': { ...freshRadio, muted: ['fire-1'] },
      },
      pushToTalk: { mode: 'latch', functionKeys: { F1: 'police-1' }, hardware: [] },
    })
  })

  it('refuse what they can’t be, and stay', () => {
    const settings = open()
    expect(() => settings.change({ zoom: 9 })).toThrow()
    expect(settings.seat).toEqual(defaultSettings)
    expect(open().seat).toEqual(defaultSettings)
  })

  it('tell of every change of the seat, and of nothing else', () => {
    const settings = open()
    const told: unknown[] = []
    settings.onSeatChange((seat) => told.push(seat.theme))
    settings.change({ theme: 'light' })
    settings.keepWindow('console', window)
    settings.setSecret('a', 'b')
    expect(told).toEqual(['light'])
  })

  it('forget a layout without touching the others', () => {
    const settings = open()
    settings.keepLayout('duty-1', 1)
    settings.keepLayout('duty-2', 2)
    settings.keepLayout('duty-1', null)
    expect(settings.seat.layouts).toEqual({ 'duty-2': 2 })
  })
})

describe('map files', () => {
  it('are known by name to the page and by path to main alone', () => {
    const settings = open()
    expect(settings.addMapFile(mapFile('file-1'), '/maps/map.geojson')).toEqual({
      kind: 'added',
      basemap: 'file-1',
    })
    expect(settings.pathOf('file-1')).toBe('/maps/map.geojson')
    expect(JSON.stringify(settings.seat)).not.toContain('/maps')
  })

  it('are put in place of the one with their id, and go with their path', () => {
    const settings = open()
    settings.addMapFile(mapFile('file-1'), '/maps/old.geojson')
    settings.addMapFile(mapFile('file-1'), '/maps/new.geojson')
    expect([settings.seat.mapFiles.length, settings.pathOf('file-1')]).toEqual([1, '/maps/new.geojson'])
    settings.change({ basemap: 'file-1' })
    settings.removeMapFile('file-1')
    expect([settings.seat.mapFiles, settings.pathOf('file-1'), settings.seat.basemap]).toEqual([
      [],
      undefined,
      'schematic',
    ])
  })

  it('that are too many are refused as that', () => {
    const settings = open()
    for (let number = 1; number <= 16; number++)
      settings.addMapFile(mapFile(`file-${number}`), `/maps/${number}`)
    expect(() => settings.addMapFile(mapFile('file-17'), '/maps/17')).toThrow('a seat keeps 16 map files')
    expect(settings.addMapFile(mapFile('file-16'), '/maps/again')).toEqual({
      kind: 'added',
      basemap: 'file-16',
    })
  })

  it('have no path that only looks like one', () => {
    expect([open().pathOf('constructor'), open().pathOf('__proto__'), open().secret('toString')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('a settings file that was damaged', () => {
  const changed = () => {
    const settings = open()
    settings.change({ theme: 'light' })
    settings.change({ zoom: 1.2 })
  }

  it.each([
    ['cut short', '{"seat":{"language"'],
    ['emptied', ''],
    ['of another program', '{"window":{"bounds":"left"}}'],
    ['with a value out of range', JSON.stringify({ seat: { ...defaultSettings, zoom: 40 } })],
  ])('and is %s gives way to its last good copy, and is kept aside', (_how, text) => {
    changed()
    writeFileSync(file(), text)
    expect(open().seat).toEqual({ ...defaultSettings, theme: 'light', zoom: 1.2 })
    expect(troubles).toEqual([expect.stringContaining('its last good copy took its place')])
    expect(readFileSync(join(folder, 'settings.unreadable.json'), 'utf8')).toBe(text)
    expect([open().seat.zoom, troubles.length]).toEqual([1.2, 1])
  })

  it('together with its copy gives way to the defaults', () => {
    changed()
    writeFileSync(file(), '{')
    writeFileSync(join(folder, 'settings.last-good.json'), '{')
    const settings = open()
    expect(settings.seat).toEqual(defaultSettings)
    expect(troubles).toEqual([expect.stringContaining('the defaults took its place')])
    settings.change({ theme: 'light' })
    expect(open().seat.theme).toBe('light')
  })

  it('is one that lacks what a later version added only in part', () => {
    writeFileSync(file(), JSON.stringify({ seat: { ...defaultSettings, theme: 'light' } }))
    expect([open().seat.theme, open().window('console'), troubles]).toEqual(['light', null, []])
    const { audio, ...older } = defaultSettings
    writeFileSync(file(), JSON.stringify({ seat: { ...older, theme: 'light' } }))
    expect([open().seat.theme, open().seat.audio, troubles]).toEqual(['light', audio, []])
  })
})
