/** Rooms that ring here, and the one that the phone is in. What meetings need is loaded when one is answered. */
import { lazy, Suspense, useEffect, useState } from 'react'
import type { RoomOutline } from '../contract/rooms.ts'
import { refusedBy } from '../contract/rpc.ts'
import type { Line } from './line.ts'
import { ringOnce } from './ring-tone.ts'
import { filled, type Language, named, texts } from './texts.ts'

const InRoom = lazy(() => import('./in-room.tsx'))

const RING_EVERY_MS = 2_500

interface RingProps {
  readonly account: string
  readonly language: Language
  /** The link; it has this identity as long as the session is. */
  readonly hub: Line['hub']
  readonly stands: boolean
}

interface Entered {
  readonly room: string
  readonly name: string
  readonly camera: boolean
}

export function Ring({ account, language, hub, stands }: RingProps) {
  const t = texts[language]
  const rooms = useRooms(hub, stands)
  const [entered, setEntered] = useState<Entered>()
  const [failed, setFailed] = useState<string>()
  const ringing = rooms.filter(({ own }) => own === 'invited')
  const open = rooms.filter(({ own }) => own === 'expected' || own === 'left')
  useRingTone(ringing.length > 0 && entered === undefined)
  const answer = async ({ id, name }: RoomOutline, camera: boolean | null) => {
    setFailed(undefined)
    try {
      await hub.rooms.answer.mutate({ room: id, act: camera === null ? 'refuse' : 'accept' })
      if (camera !== null) setEntered({ room: id, name, camera })
    } catch (error) {
      setFailed(filled(t.refused, { why: filled(t.refusals.other, { code: refusedBy(error)?.code ?? '-' }) }))
    }
  }
  if (entered !== undefined)
    return (
      <Suspense fallback={<p role="status">{t.room.entering}</p>}>
        <InRoom
          {...entered}
          account={account}
          language={language}
          hub={hub}
          onOver={(why) => {
            setEntered(undefined)
            setFailed(why === undefined ? undefined : why)
          }}
        />
      </Suspense>
    )
  return (
    <>
      {failed !== undefined && <p role="alert">{failed}</p>}
      {ringing.map((room) => (
        <section key={room.id} className="ring" aria-label={room.name} role="alertdialog">
          <p>{filled(t.room.rings, { chair: named(room.chair, language), name: room.name })}</p>
          <div className="steps">
            <button type="button" className="main" onClick={() => answer(room, true)}>
              {t.room.withCamera}
            </button>
            <button type="button" onClick={() => answer(room, false)}>
              {t.room.byVoice}
            </button>
            <button type="button" onClick={() => answer(room, null)}>
              {t.room.refuse}
            </button>
          </div>
        </section>
      ))}
      {open.map(({ id, name }) => (
        <p key={id} className="notice">
          {name}
          <button type="button" onClick={() => setEntered({ room: id, name, camera: true })}>
            {t.room.enter}
          </button>
        </p>
      ))}
    </>
  )
}

function useRooms(hub: Line['hub'], stands: boolean): readonly RoomOutline[] {
  const [rooms, setRooms] = useState<readonly RoomOutline[]>([])
  useEffect(() => {
    if (!stands) return
    const watching = hub.rooms.watch.subscribe(undefined, {
      onData: (told) => setRooms(told),
      // It is asked again when the link is back.
      onError: () => setRooms([]),
    })
    return () => watching.unsubscribe()
  }, [hub, stands])
  return rooms
}

function useRingTone(rings: boolean): void {
  useEffect(() => {
    if (!rings) return
    ringOnce()
    const again = setInterval(ringOnce, RING_EVERY_MS)
    return () => clearInterval(again)
  }, [rings])
}
