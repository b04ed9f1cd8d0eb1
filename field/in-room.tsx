/** The phone in a room: the others' pictures and voices, its own camera and microphone. */
import { useEffect, useRef, useState } from 'react'
import type { Track } from '../contract/peers.ts'
import type { RoomScene } from '../contract/rooms.ts'
import { type Meeting, openMeeting } from '../meeting/meeting.ts'
import { loadDevice } from '../meeting/sfu-peer.ts'
import type { Line } from './line.ts'
import { phoneEars } from './phone-ears.ts'
import { filled, type Language, named, texts } from './texts.ts'

/** A phone's screen has no room for more. */
const MOST_PICTURES = 6
type Facing = 'environment' | 'user'

interface InRoomProps {
  readonly room: string
  readonly name: string
  readonly camera: boolean
  readonly account: string
  readonly language: Language
  readonly hub: Line['hub']
  /** Why, where it was not the phone that left. */
  onOver(why?: string): void
}

/** A picture that is shown, and whose it is. */
interface Shown {
  readonly producer: string
  readonly label: string
}

export default function InRoom(props: InRoomProps) {
  const { room, name, account, language, hub } = props
  const t = texts[language]
  const [scene, setScene] = useState<RoomScene>()
  const [broken, setBroken] = useState(false)
  const [pictures, setPictures] = useState<ReadonlyMap<string, MediaStream>>(new Map())
  const [meeting, setMeeting] = useState<Meeting>()
  const [microphone, setMicrophone] = useState(true)
  const [camera, setCamera] = useState(props.camera)
  const [facing, setFacing] = useState<Facing>('environment')
  const over = useRef(props.onOver)
  over.current = props.onOver
  const ends = useRef(t.room.ends)
  ends.current = t.room.ends

  useEffect(() => {
    const opened = openMeeting({
      room,
      account,
      video: hub,
      ears: phoneEars(),
      openDevice: loadDevice,
      onScene: (next) => {
        setBroken(false)
        setScene(next)
      },
      onBroken: () => setBroken(true),
      onScore: () => undefined,
      onUnsent: () => undefined,
      onOver: (how) => over.current(typeof how === 'string' ? ends.current[how] : ends.current.refused),
    })
    setMeeting(opened)
    const stop = opened.pictures.onChange(setPictures)
    const awake = stayAwake()
    return () => {
      stop()
      awake()
      opened.leave()
    }
  }, [room, account, hub])
  const sound = useMedia('audio', true, facing)
  const picture = useMedia('video', camera, facing)
  useSent(meeting, 'microphone', sound, !microphone)
  useSent(meeting, 'camera', picture, false)

  const own = scene?.members.find((member) => member.account === account)
  const shown = scene === undefined ? [] : shownOf(scene, account, language)
  return (
    <section className="room" aria-label={name}>
      <h2>{name}</h2>
      {broken && <p role="status">{t.room.broken}</p>}
      {own?.muted.sound === true && <p role="status">{t.room.muted}</p>}
      {camera && picture === null && <p role="status">{t.room.noCamera}</p>}
      {sound === null && <p role="alert">{t.room.noMicrophone}</p>}
      <ul className="others">
        {shown.slice(0, MOST_PICTURES).map(({ producer, label }) => (
          <li key={producer}>
            <Picture meeting={meeting} producer={producer} stream={pictures.get(producer)} label={label} />
            <span>{label}</span>
          </li>
        ))}
      </ul>
      <p className="dim">
        {scene?.members
          .filter(({ state }) => state === 'in')
          .map((member) => named(member.name, language))
          .join(' · ') ?? t.room.entering}
      </p>
      {camera && picture instanceof MediaStreamTrack && <OwnPicture track={picture} label={t.room.own} />}
      <div className="steps">
        <button type="button" aria-pressed={microphone} onClick={() => setMicrophone(!microphone)}>
          {microphone ? t.room.microphoneOn : t.room.microphoneOff}
        </button>
        <button type="button" aria-pressed={camera} onClick={() => setCamera(!camera)}>
          {camera ? t.room.cameraOn : t.room.cameraOff}
        </button>
        {camera && (
          <button type="button" onClick={() => setFacing(facing === 'environment' ? 'user' : 'environment')}>
            {t.room.turn}
          </button>
        )}
        <button type="button" className="bad" onClick={() => props.onOver()}>
          {t.room.leave}
        </button>
      </div>
    </section>
  )
}

/** Screens and sources first: they are what is talked about. */
function shownOf({ members, sources }: RoomScene, account: string, language: Language): Shown[] {
  const words = texts[language]
  const seen = (tracks: readonly Track[], track: Track['track']) =>
    tracks.find((each) => each.track === track && each.kind === 'video' && !each.paused)?.producer
  const others = members.filter((member) => member.account !== account && member.state === 'in')
  const labelled = (producer: string | undefined, label: string): Shown[] =>
    producer === undefined ? [] : [{ producer, label }]
  return [
    ...others.flatMap(({ tracks, name }) =>
      labelled(seen(tracks, 'screen'), filled(words.room.screenOf, { name: named(name, language) })),
    ),
    ...sources.flatMap(({ tracks, name }) => labelled(seen(tracks, 'camera'), named(name, language))),
    ...others.flatMap(({ tracks, name }) => labelled(seen(tracks, 'camera'), named(name, language))),
  ]
}

function Picture({
  meeting,
  producer,
  stream,
  label,
}: {
  meeting: Meeting | undefined
  producer: string
  stream: MediaStream | undefined
  label: string
}) {
  const screen = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    meeting?.see(producer, (screen.current?.clientWidth ?? 0) * devicePixelRatio)
    return () => meeting?.see(producer, null)
  }, [meeting, producer])
  useEffect(() => {
    if (screen.current !== null) screen.current.srcObject = stream ?? null
  }, [stream])
  return <video ref={screen} aria-label={label} autoPlay muted playsInline />
}

function OwnPicture({ track, label }: { track: MediaStreamTrack; label: string }) {
  const screen = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (screen.current !== null) screen.current.srcObject = new MediaStream([track])
  }, [track])
  return <video ref={screen} className="own" aria-label={label} autoPlay muted playsInline />
}

/** The phone's microphone or camera while it is wanted; undefined: not yet; null: there is none, or it may not be used. */
function useMedia(kind: 'audio' | 'video', on: boolean, facing: Facing): MediaStreamTrack | null | undefined {
  const [track, setTrack] = useState<MediaStreamTrack | null>()
  // Of sound it does not matter where the phone looks.
  const where = kind === 'video' ? facing : undefined
  useEffect(() => {
    if (!on) return
    let gone = false
    let opened: MediaStreamTrack | undefined
    const wanted =
      kind === 'audio' ? { audio: true } : { video: { facingMode: where, width: 640, height: 480 } }
    // Over plain HTTP a page has no devices at all.
    const opening = navigator.mediaDevices?.getUserMedia(wanted as MediaStreamConstraints)
    Promise.resolve(opening)
      .then((stream) => {
        opened = stream?.getTracks()[0]
        if (gone) opened?.stop()
        else setTrack(opened ?? null)
      })
      .catch(() => {
        if (!gone) setTrack(null)
      })
    return () => {
      gone = true
      opened?.stop()
      setTrack(undefined)
    }
  }, [kind, on, where])
  return track
}

function useSent(
  meeting: Meeting | undefined,
  kind: 'microphone' | 'camera',
  track: MediaStreamTrack | null | undefined,
  paused: boolean,
): void {
  useEffect(() => {
    meeting?.send(kind, track == null ? null : { track, paused })
  }, [meeting, kind, track, paused])
}

/** Keeps the screen on, where the phone lets a page do that. Returns its own undoing. */
function stayAwake(): () => void {
  const asked = navigator.wakeLock?.request('screen').catch(() => undefined)
  return () => void asked?.then((lock) => lock?.release())
}
