/** Foot switches on the input lines of serial ports. The library is loaded when it is first needed. */
import type { HardwareDevice } from '../../../contract/hardware.ts'
import { serialLines } from '../../../contract/radio-settings.ts'
import type { Lines, Sample, Source } from './device.ts'

/** What is used of @serialport/bindings-cpp. */
export interface SerialLibrary {
  list(): Promise<readonly { readonly path: string; readonly manufacturer?: string | undefined }[]>
  open(options: { path: string; baudRate: number }): Promise<SerialPort>
}

interface SerialPort {
  get(): Promise<Lines>
  set(outputs: { dtr: boolean; rts: boolean }): Promise<void>
  close(): Promise<void>
}

/** A foot is slower, and an officer does not hear it. */
const ASK_EVERY_MS = 10
/** Nothing is sent; a port must have some speed. */
const BAUD_RATE = 9600

export const loadSerial = async (): Promise<SerialLibrary> => {
  const { autoDetect } = await import('@serialport/bindings-cpp')
  return autoDetect() as SerialLibrary
}

export async function listSerial(library: SerialLibrary): Promise<HardwareDevice[]> {
  const ports = await library.list()
  return ports.map(({ path, manufacturer }) => ({
    kind: 'serial',
    path,
    name: manufacturer === undefined ? path : `${path} (${manufacturer})`,
  }))
}

/** The switch closes between an output, RTS or DTR, and an input: the outputs are on as long as it is open. */
export async function openSerial(library: SerialLibrary, path: string): Promise<Source> {
  const port = await library.open({ path, baudRate: BAUD_RATE })
  const listeners = new Set<(sample: Sample) => void>()
  const { promise: lost, resolve: lose } = Promise.withResolvers<string>()
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let last: Lines | undefined

  const ask = async () => {
    try {
      const { cts, dsr, dcd } = await port.get()
      const lines = { cts, dsr, dcd }
      if (closed) return
      if (last === undefined || serialLines.some((line) => lines[line] !== last?.[line]))
        for (const listener of listeners) listener({ kind: 'serial', lines })
      last = lines
      timer = setTimeout(ask, ASK_EVERY_MS)
    } catch (error) {
      lose(error instanceof Error ? error.message : String(error))
    }
  }
  try {
    await port.set({ dtr: true, rts: true })
  } catch (error) {
    await port.close()
    throw error
  }
  void ask()

  return {
    onSample: (listener) => void listeners.add(listener),
    lost,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await port.close()
    },
  }
}
