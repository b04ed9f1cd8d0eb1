/** What is the matter with a device, by what its library says of it. Pure. */
import type { DeviceTrouble } from '../../../contract/hardware.ts'

/** In the words of the systems' errors, as @serialport/bindings-cpp and node-hid pass them on; the first that fits. */
const words: readonly (readonly [RegExp, DeviceTrouble])[] = [
  // hidapi does not say why; a device that was listed a moment ago is there.
  [/permission denied|not permitted|cannot open device with path/i, 'not-allowed'],
  // Windows says of a port that another program has open that access is denied.
  [/cannot lock port|busy|access (is )?denied/i, 'busy'],
  [
    /no such|not found|no device|device (is )?gone|not configured|input\/output error|could not read/i,
    'absent',
  ],
]

export const troubleOf = (message: string): DeviceTrouble =>
  words.find(([pattern]) => pattern.test(message))?.[1] ?? 'failed'
