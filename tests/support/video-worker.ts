/** The video worker, as `npm start` and `npm test` get it ready. */
import { videoWorkerAtHand } from '../../scripts/set-up/video-worker.mjs'

/** The path of its binary. */
export function videoWorkerBinary(): string {
  const binary = videoWorkerAtHand()
  if (binary === undefined)
    throw new Error('there is no video worker yet: npm start or npm test gets it ready')
  return binary
}
