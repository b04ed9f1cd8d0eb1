/** How the tiles of a room are laid out, and how large a picture each needs. Pure. */
import type { Track } from '../../../contract/peers.ts'
import type { Id, Name } from '../../../contract/primitives.ts'
import type { RoomScene } from '../../../contract/rooms.ts'

export type SceneMember = RoomScene['members'][number]

/** Something that is shown: a person, the screen that a person shows, or a source. */
export interface Tile {
  readonly key: string
  readonly name: Name
  readonly of: 'person' | 'screen' | 'source'
  /** Whose it is; of a source, its own id. */
  readonly owner: Id
  /** What is seen in it; undefined: there is no picture. */
  readonly picture: Track | undefined
}

export interface Arrangement {
  readonly large: readonly Tile[]
  /** Beside the large ones. */
  readonly small: readonly Tile[]
}

const pictureOf = (tracks: readonly Track[], track: Track['track']): Track | undefined =>
  tracks.find((each) => each.track === track && each.kind === 'video')

/** Everybody who is in, what they show, and the sources, in the order that they came. */
function tilesOf({ members, sources }: Pick<RoomScene, 'members' | 'sources'>): readonly Tile[] {
  const present = members.filter(({ state }) => state === 'in')
  return [
    ...present.map(({ account, name, tracks, muted }): Tile => {
      const picture = muted.picture ? undefined : pictureOf(tracks, 'camera')
      return { key: `person/${account}`, name, of: 'person', owner: account, picture: unpaused(picture) }
    }),
    ...present.flatMap(({ account, name, tracks, muted }): Tile[] => {
      const picture = muted.picture ? undefined : pictureOf(tracks, 'screen')
      return picture === undefined
        ? []
        : [{ key: `screen/${account}`, name, of: 'screen', owner: account, picture }]
    }),
    ...sources.map(({ source, name, tracks }): Tile => {
      const picture = tracks.find(({ kind }) => kind === 'video')
      return { key: `source/${source}`, name, of: 'source', owner: source, picture }
    }),
  ]
}

const unpaused = (track: Track | undefined) => (track?.paused === true ? undefined : track)

/** `own`: the officer who looks; nobody is shown themselves large because they talk. */
export function arrange(scene: RoomScene, own: Id): Arrangement {
  const tiles = tilesOf(scene)
  if (scene.layout === 'grid') return { large: tiles, small: [] }
  const first =
    (scene.layout === 'spotlight' ? tiles.find((tile) => isSpotlit(scene, tile)) : undefined) ??
    tiles.find(({ of, owner }) => of === 'screen' && owner !== own) ??
    tiles.find(({ of, owner }) => of === 'person' && owner === scene.speaker && owner !== own) ??
    tiles.find(({ owner }) => owner !== own) ??
    tiles[0]
  return first === undefined
    ? { large: [], small: [] }
    : { large: [first], small: tiles.filter((tile) => tile !== first) }
}

export function isSpotlit({ spotlight }: Pick<RoomScene, 'spotlight'>, { of, owner }: Tile): boolean {
  if (spotlight === null || of === 'screen') return false
  return spotlight.kind === 'member'
    ? of === 'person' && owner === spotlight.account
    : of === 'source' && owner === spotlight.source
}

/** Of a tile, width to height. */
const ASPECT = 16 / 9

/** In how many columns so many tiles are largest on an area, whatever its unit. */
export function columnsFor(tiles: number, width: number, height: number): number {
  let best = { columns: 1, tile: 0 }
  for (let columns = 1; columns <= tiles; columns++) {
    const tile = Math.min(width / columns, (height / Math.ceil(tiles / columns)) * ASPECT)
    if (tile > best.tile) best = { columns, tile }
  }
  return best.columns
}

export type Quality = 'good' | 'fair' | 'poor'

/** How a person's line is, by what comes of theirs; undefined: nothing does. `scores`: of each producer, 0 to 10. */
export function qualityOf(
  tracks: readonly Track[],
  scores: Readonly<Record<string, number>>,
): Quality | undefined {
  const known = tracks.flatMap(({ producer, paused }) =>
    paused || scores[producer] === undefined ? [] : [scores[producer]],
  )
  if (known.length === 0) return undefined
  const worst = Math.min(...known)
  return worst >= 8 ? 'good' : worst >= 5 ? 'fair' : 'poor'
}
