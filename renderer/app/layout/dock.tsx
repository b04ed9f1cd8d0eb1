/** The dock: panels that can be moved, resized and brought back, remembered for each account. */
import 'dockview-react/dist/styles/dockview.css'
import {
  type DockviewApi,
  DockviewReact,
  type DockviewReadyEvent,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
  type SerializedDockview,
} from 'dockview-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { DirectoryPanel } from '../../features/directory/panel.tsx'
import { BOARD_PANEL, BoardPanel } from '../../features/incidents/board-panel.tsx'
import { IncidentPanel } from '../../features/incidents/incident-panel.tsx'
import { MapPanel } from '../../features/map/panel.tsx'
import { ChannelsPanel } from '../../features/radio/channels-panel.tsx'
import { LogPanel } from '../../features/radio/log/log-panel.tsx'
import { RoomsPanel } from '../../features/rooms/rooms-panel.tsx'
import { SEATS_PANEL, SeatsPanel } from '../../features/supervision/panel.tsx'
import { waitingElsewhere } from '../../features/supervision/slice.ts'
import { FavouritesPanel } from '../../features/telephony/favourites-panel.tsx'
import { MessagesPanel } from '../../features/threads/panel.tsx'
import { unreadOf } from '../../features/threads/unread.ts'
import { CardPanel } from '../../features/units/panel.tsx'
import { WallPanel } from '../../features/wall/wall-panel.tsx'
import { engine } from '../engine.ts'
import { useShortcut } from '../shortcuts/shortcuts.ts'
import { store, useApp } from '../store.ts'
import './dock.css'
import { onPanelAsked } from './asked-panels.ts'
import { onLayoutReset } from './reset.ts'

const KEEP_AFTER_MS = 300

/** Every panel there is. Its id is its key here. */
const panels = {
  directory: DirectoryPanel,
  map: MapPanel,
  card: CardPanel,
  seats: SeatsPanel,
  favourites: FavouritesPanel,
  channels: ChannelsPanel,
  transmissions: LogPanel,
  incidents: BoardPanel,
  incident: IncidentPanel,
  messages: MessagesPanel,
  rooms: RoomsPanel,
  wall: WallPanel,
} as const
type PanelId = keyof typeof panels
const panelIds = Object.keys(panels) as PanelId[]

const components = Object.fromEntries(
  Object.entries(panels).map(([id, Panel]) => [id, (_props: IDockviewPanelProps) => <Panel />]),
)

const theme = { name: 'watchfloor', className: 'dockview-theme-watchfloor', gap: 0 }

export function Dock({ account }: { account: Id }) {
  const api = useRef<DockviewApi | null>(null)

  const onReady = ({ api: dock }: DockviewReadyEvent) => {
    api.current = dock
    const kept = store.getState().settings.seat.layouts[account]
    if (kept === undefined || !restore(dock, kept as unknown as SerializedDockview)) arrange(dock)
    keepLayout(dock, account)
  }
  useEffect(
    () =>
      onLayoutReset(() => {
        if (api.current !== null) arrange(api.current)
      }),
    [],
  )
  useEffect(() => onPanelAsked((panel) => api.current?.getPanel(panel)?.api.setActive()), [])
  useShortcut('board', () => {
    api.current?.getPanel('incidents')?.api.setActive()
    requestAnimationFrame(() => document.getElementById(BOARD_PANEL)?.focus())
  })
  const selected = useApp(({ selection }) => selection.units)
  useEffect(() => {
    if (selected.length > 0) api.current?.getPanel('card')?.api.setActive()
  }, [selected])
  useShortcut('seats', () => {
    api.current?.getPanel('seats')?.api.setActive()
    // Its content is there with the next picture.
    requestAnimationFrame(() => document.getElementById(SEATS_PANEL)?.focus())
  })
  return (
    <main className="dock">
      <DockviewReact
        components={components}
        onReady={onReady}
        theme={theme}
        disableFloatingGroups
        defaultTabComponent={Tab}
      />
    </main>
  )
}

/** A panel is moved, never lost: its tab has no button that closes it. */
function Tab({ api }: IDockviewPanelHeaderProps) {
  const { t } = useTranslation()
  const waiting = useApp(({ supervision }) => waitingElsewhere(supervision))
  const unread = useApp(({ shared: { state }, session: { session } }) =>
    session?.kind === 'signed-in' ? unreadOf(state, session.account.id) : 0,
  )
  const meeting = useApp(({ rooms }) => rooms.meeting)
  const titleOf = (id: PanelId): string => {
    if (id === 'seats' && waiting > 0) return t('supervision.waitingThere', { n: waiting })
    if (id === 'messages' && unread > 0) return t('threads.unreadTab', { n: unread })
    // Also when the map is in front of it: whether one is heard in a room.
    if (id === 'rooms' && meeting !== null && meeting.stage !== 'preview')
      return t(meeting.sending.microphone ? 'rooms.tab.on' : 'rooms.tab.off')
    return t(`panels.${id}`)
  }
  const title = titleOf(api.id as PanelId)
  // The dock names the tab after its panel's title, for those who can't see it.
  useEffect(() => api.setTitle(title), [api, title])
  return <span className="dock-tab">{title}</span>
}

/** The layout everybody begins with: directory, map, details. */
function arrange(dock: DockviewApi): void {
  dock.clear()
  dock.addPanel({ id: 'map', component: 'map' })
  dock.addPanel({
    id: 'directory',
    component: 'directory',
    position: { referencePanel: 'map', direction: 'left' },
    initialWidth: 312,
  })
  dock.addPanel({
    id: 'card',
    component: 'card',
    position: { referencePanel: 'map', direction: 'right' },
    initialWidth: 332,
  })
  addSeats(dock)
  addFavourites(dock)
  addChannels(dock)
  addTransmissions(dock)
  addIncidents(dock)
  addPictures(dock)
}

/** Behind the directory. */
function addSeats(dock: DockviewApi): void {
  dock.addPanel({
    id: 'seats',
    component: 'seats',
    position: { referencePanel: 'directory' },
    inactive: true,
  })
}

/** Below the card. */
function addFavourites(dock: DockviewApi): void {
  dock.addPanel({
    id: 'favourites',
    component: 'favourites',
    position: { referencePanel: 'card', direction: 'below' },
    initialHeight: 220,
  })
}

/** Above the directory. */
function addChannels(dock: DockviewApi): void {
  dock.addPanel({
    id: 'channels',
    component: 'channels',
    position: { referencePanel: 'directory', direction: 'above' },
    initialHeight: Math.round(dock.height / 2),
  })
}

/** Behind the favourites. */
function addTransmissions(dock: DockviewApi): void {
  dock.addPanel({
    id: 'transmissions',
    component: 'transmissions',
    position: { referencePanel: 'favourites' },
    inactive: true,
  })
}

/** The board behind the directory, the selected one and messages behind the card. */
function addIncidents(dock: DockviewApi): void {
  for (const [id, beside] of [
    ['incidents', 'directory'],
    ['incident', 'card'],
    ['messages', 'card'],
  ] as const)
    if (dock.getPanel(id) === undefined && dock.getPanel(beside) !== undefined)
      dock.addPanel({ id, component: id, position: { referencePanel: beside }, inactive: true })
}

/** Behind the map, which is as large as pictures need it. */
function addPictures(dock: DockviewApi): void {
  for (const id of ['rooms', 'wall'] as const)
    if (dock.getPanel(id) === undefined && dock.getPanel('map') !== undefined)
      dock.addPanel({ id, component: id, position: { referencePanel: 'map' }, inactive: true })
}

/** Whether the kept layout could be used: it must have every panel there is now, but for those that came later. */
function restore(dock: DockviewApi, kept: SerializedDockview): boolean {
  try {
    dock.fromJSON(kept)
    if (dock.getPanel('seats') === undefined && dock.getPanel('directory') !== undefined) addSeats(dock)
    if (dock.getPanel('favourites') === undefined && dock.getPanel('card') !== undefined) addFavourites(dock)
    if (dock.getPanel('channels') === undefined && dock.getPanel('directory') !== undefined) addChannels(dock)
    if (dock.getPanel('transmissions') === undefined && dock.getPanel('favourites') !== undefined)
      addTransmissions(dock)
    addIncidents(dock)
    addPictures(dock)
    return panelIds.every((id) => dock.getPanel(id) !== undefined)
  } catch {
    return false
  }
}

function keepLayout(dock: DockviewApi, account: Id): void {
  let timer: number | undefined
  dock.onDidLayoutChange(() => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => {
      const layout = JSON.parse(JSON.stringify(dock.toJSON()))
      // A layout that could not be kept is the last one kept, which is no loss worth a word.
      engine.settings.keepLayout.mutate({ account, layout }).catch(() => undefined)
    }, KEEP_AFTER_MS)
  })
}
