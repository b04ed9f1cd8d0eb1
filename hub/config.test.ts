import { describe, expect, it } from 'vitest'
import { ConfigError, hubConfigSchema, isLoopback, parseListen } from './config.ts'

describe('where to listen', () => {
  it('is an address and a port', () => {
    expect(parseListen('127.0.0.1:8443', '--listen')).toEqual({ host: '127.0.0.1', port: 8443 })
    expect(parseListen('[::1]:0', '--listen')).toEqual({ host: '::1', port: 0 })
    expect(parseListen('hub.example:443', '--listen')).toEqual({ host: 'hub.example', port: 443 })
    expect(parseListen(':1883', '--listen')).toEqual({ host: '0.0.0.0', port: 1883 })
  })

  it('is told from what is not, with the option it was given to', () => {
    for (const text of ['', '8443', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '127.0.0.1:-1', '::1:8443'])
      expect(() => parseListen(text, '--listen'), text).toThrow(ConfigError)
    expect(() => parseListen('8443', '--mqtt-listen')).toThrow(/^--mqtt-listen wants host:port/)
  })

  it('is this machine only for addresses that only it has', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) expect(isLoopback(host)).toBe(true)
    for (const host of ['0.0.0.0', '::', '10.0.0.1', '1270.0.0.1', 'localhost.example'])
      expect(isLoopback(host)).toBe(false)
  })
})

describe('a hub’s configuration', () => {
  const usual = {
    listen: { host: '127.0.0.1', port: 0 },
    store: { kind: 'sqlite', folder: 'data' },
    broker: { kind: 'embedded', listen: { host: '127.0.0.1', port: 0 } },
  }

  it('keeps tracks for thirty days unless told otherwise', () => {
    expect(hubConfigSchema.parse(usual).keepTracksDays).toBe(30)
  })

  it('takes no other kind of store or broker than it knows', () => {
    for (const change of [
      { store: { kind: 'postgres', url: 'https://database' } },
      { store: { kind: 'memory' } },
      { broker: { kind: 'external', url: 'http://broker' } },
      { metricsToken: 'short' },
    ])
      expect(hubConfigSchema.safeParse({ ...usual, ...change }).success).toBe(false)
  })
})
