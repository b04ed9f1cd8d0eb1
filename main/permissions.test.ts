import { describe, expect, it } from 'vitest'
import { isAllowed } from './permissions.ts'

const page = 'app://console/index.html'

describe('a permission', () => {
  it.each(['media', 'display-capture', 'fullscreen', 'speaker-selection'])(
    'is given to the console’s page: %s',
    (permission) => {
      expect(isAllowed(permission, page)).toBe(true)
      expect(isAllowed(permission, 'app://console')).toBe(true)
      expect(isAllowed(permission, 'app://console/')).toBe(true)
    },
  )

  it.each([
    ...['geolocation', 'notifications', 'clipboard-read', 'midi', 'usb', 'openExternal'],
    ...['local-network-access', 'unknown', ''],
  ])('is not given to anybody: "%s"', (permission) => {
    expect(isAllowed(permission, page)).toBe(false)
  })

  it.each([
    ...['https://console', 'app://console.evil/', 'app://consolex/', 'app://evil/app://console/'],
    ...['app://user@console.evil/', 'file:///console', 'about:blank', 'null', ''],
  ])('is not given to "%s"', (from) => {
    expect(isAllowed('media', from)).toBe(false)
  })
})
