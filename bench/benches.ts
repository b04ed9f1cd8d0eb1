/** Every benchmark there is. */
import type { Bench } from './bench.ts'
import { callSetup } from './call-setup.ts'
import { groupCall } from './group-call.ts'
import { hubLoad } from './hub/hub-load.ts'
import { journal } from './journal.ts'
import { mainJob } from './main-job.ts'
import { map } from './map/map.ts'
import { mixer } from './mixer.ts'
import { positions } from './positions/positions.ts'
import { ptt } from './radio/ptt.ts'
import { radio24 } from './radio/radio-24.ts'
import { recovery } from './recovery.ts'
import { select } from './select.ts'
import { sipLoad } from './sip-load.ts'
import { start } from './start.ts'
import { roomJoin } from './video/room-join.ts'
import { sfu } from './video/sfu.ts'
import { videoOpen } from './video/video-open.ts'
import { wall } from './video/wall.ts'
import { voice } from './voice/voice.ts'

export const benches: readonly Bench[] = [
  start,
  map,
  positions,
  select,
  journal,
  hubLoad,
  mixer,
  voice,
  recovery,
  sipLoad,
  callSetup,
  groupCall,
  ptt,
  radio24,
  sfu,
  roomJoin,
  videoOpen,
  wall,
  mainJob,
]
