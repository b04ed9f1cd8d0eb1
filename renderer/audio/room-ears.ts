/** The voices of a room, on their way to where conversations are heard. */
import type { RoomEars } from '../../meeting/client.ts'
import { conversationRole } from './ears.ts'
import { meterOn } from './meter.ts'
import { openOutput } from './output.ts'

export function openRoomEars(): RoomEars {
  const { context, close } = openOutput(conversationRole)
  const meter = meterOn(context)
  meter.node.connect(context.destination)
  return {
    level: meter.level,
    hear: (track) => {
      const stream = new MediaStream([track])
      // Chromium keeps a remote track silent in Web Audio unless a media element has it too.
      const player = new Audio()
      player.muted = true
      player.srcObject = stream
      // It fails only if the page goes meanwhile.
      player.play().catch(() => undefined)
      const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream })
      source.connect(meter.node)
      return () => {
        source.disconnect()
        player.srcObject = null
      }
    },
    close,
  }
}
