import { expect, it } from 'vitest'
import { troubleOf } from './trouble.ts'

it.each([
  ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'absent'],
  ['Opening COM9: File not found', 'absent'],
  ['no device 05f3:00ff', 'absent'],
  ['Error: Input/output error, cannot get', 'absent'],
  ['could not read from HID device', 'absent'],
  ['Error: Permission denied, cannot open /dev/ttyUSB0', 'not-allowed'],
  ['cannot open device with path /dev/hidraw3', 'not-allowed'],
  ['Error Resource temporarily unavailable Cannot lock port', 'busy'],
  ['Opening COM3: Access denied', 'busy'],
  ['libusb-1.0.so.0: cannot open shared object file', 'failed'],
] as const)('"%s" is told as %s', (message, trouble) => {
  expect(troubleOf(message)).toBe(trouble)
})
