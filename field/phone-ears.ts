/** Voices on the phone's loudspeaker. */
import type { RoomEars } from '../meeting/client.ts'

export function phoneEars(): RoomEars {
  const players = new Set<HTMLAudioElement>()
  return {
    // Nothing here shows how loud it is.
    level: () => 0,
    hear: (track) => {
      const player = new Audio()
      player.srcObject = new MediaStream([track])
      players.add(player)
      // It fails only if the page goes meanwhile: it was touched to come in.
      player.play().catch(() => undefined)
      return () => {
        player.srcObject = null
        players.delete(player)
      }
    },
    close: () => {
      for (const player of players) player.srcObject = null
      players.clear()
    },
  }
}
