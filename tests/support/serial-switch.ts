/** A foot switch at the port that is named, in a process of its own: says what becomes of it, a line each. */
import { systemDevices } from '../../main/engine/hardware/devices.ts'
import { openHardware } from '../../main/engine/hardware/hardware.ts'

const [path = ''] = process.argv.slice(2)
const say = (what: string) => process.stdout.write(`${what}\n`)

const hardware = openHardware({
  devices: systemDevices({ onTrouble: (what, error) => say(`${what}: ${String(error)}`) }),
  clock: Date.now,
  press: () => {
    say('down')
    return () => say('up')
  },
})
hardware.use([{ kind: 'serial', path, line: 'cts', down: 'on', keys: { kind: 'selected' } }])
let state = 'looking'
for await (const [key] of hardware.port.watch(new AbortController().signal)) {
  if (key === undefined || key.state === state) continue
  state = key.state
  say(`${state} ${key.why ?? ''}`.trim())
}
