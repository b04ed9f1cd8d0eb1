/** A tracker in the field: publishes positions over MQTT. */
import { connectAsync, type IClientOptions } from 'mqtt'
import type { AtEnd } from './at-end.ts'

interface Report {
  /** Milliseconds since the epoch. */
  readonly t: number
  readonly lat: number
  readonly lon: number
  readonly speed?: number
  readonly heading?: number
}

export interface TestDevice {
  /** Resolves when the broker has acknowledged it; rejects if it closes the connection instead. */
  publish(topic: string, message: Report | string): Promise<void>
  readonly connected: boolean
  end(): Promise<void>
}

/** Rejects if the broker does not let it in. */
export async function connectDevice(
  atEnd: AtEnd,
  url: string,
  options: Pick<IClientOptions, 'username' | 'password' | 'ca'>,
): Promise<TestDevice> {
  const client = await connectAsync(url, { ...options, reconnectPeriod: 0, connectTimeout: 5_000 }, false)
  client.on('error', () => undefined)
  const device: TestDevice = {
    publish: async (topic, message) => {
      const payload = typeof message === 'string' ? message : JSON.stringify(message)
      const { promise: gone, reject } = Promise.withResolvers<never>()
      const leave = () => reject(new Error('the broker has closed the connection'))
      client.once('close', leave)
      try {
        await Promise.race([client.publishAsync(topic, payload, { qos: 1 }), gone])
      } finally {
        client.off('close', leave)
      }
    },
    get connected() {
      return client.connected
    },
    end: () => client.endAsync(true),
  }
  atEnd(device.end)
  return device
}
