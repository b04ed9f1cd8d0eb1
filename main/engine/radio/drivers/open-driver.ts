/** The drivers by what carries a channel, each loaded when the first channel needs it. */
import type { ChannelAccess } from '../../../../contract/radio.ts'
import type { ChannelDriver, DriverOptions, OpenDriver } from './driver.ts'

type Drivers = {
  [K in ChannelAccess['kind']]: () => Promise<OpenDriver<Extract<ChannelAccess, { kind: K }>>>
}

const drivers: Drivers = {
  rtp: async () => (await import('./rtp.ts')).openRtpDriver,
  sip: async () => (await import('./sip.ts')).openSipDriver,
  svxreflector: async () => (await import('./svxreflector.ts')).openSvxreflectorDriver,
}

/** Rejects if the driver can't be loaded. */
export async function openDriver(access: ChannelAccess, options: DriverOptions): Promise<ChannelDriver> {
  // What is found under an access's kind opens that kind.
  const load = drivers[access.kind] as () => Promise<OpenDriver<ChannelAccess>>
  return (await load())(access, options)
}
