/** A telephone or a channel in the room: how it is, its key, and taking it out again. */
import { App, Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SceneCarried } from '../../../contract/carried.ts'
import type { RoomScene } from '../../../contract/rooms.ts'
import { named } from '../../app/i18n/index.ts'
import { HoldButton } from '../../ui/hold-button.tsx'
import { useExplain } from '../../ui/refusal.ts'
import { holdKey } from './attending.ts'
import styles from './rooms.module.css'
import { useRoomRequest } from './use-rooms.ts'

interface CarriedTileProps {
  readonly carried: SceneCarried
  readonly scene: RoomScene
  readonly own: string
  readonly isChair: boolean
}

export function CarriedTile({ carried, scene, own, isChair }: CarriedTileProps) {
  const { t } = useTranslation()
  const request = useRoomRequest()
  const { id, by, kind, muted, keyedBy } = carried
  const name = named(carried.name)
  const speaks = scene.speaker === id && !muted
  const nameOf = (account: string) =>
    named(scene.members.find((member) => member.account === account)?.name ?? { zh: account, en: account })
  return (
    <li className={styles.tile} data-carried={id} data-kind={kind} data-speaks={speaks} data-picture="none">
      <span className={styles.initial} aria-hidden="true">
        {kind === 'call' ? '☎' : '⌁'}
      </span>
      {kind === 'channel' && <TalkKey carried={carried} name={name} own={own} />}
      <div className={styles.caption}>
        <b>{t(`rooms.carriedKinds.${kind}`, { name })}</b>
        <span>{t('rooms.carriedBy', { name: nameOf(by) })}</span>
        {speaks && <span className={styles.speaks}>● {t('rooms.speaks')}</span>}
        {muted && <span data-mark="muted">{t('rooms.mutedByChair')}</span>}
        {keyedBy !== null && (
          <span data-mark={carried.onAir ? 'on-air' : 'keyed'}>
            {t(carried.onAir ? 'rooms.onAir' : 'rooms.keyed', { name: nameOf(keyedBy) })}
          </span>
        )}
        {isChair && (
          <Button
            onClick={() =>
              void request({
                kind: 'chair',
                room: scene.id,
                chaired: { act: 'mute-carried', carried: id, muted: !muted },
              })
            }
          >
            {t(`rooms.mute.sound.${muted ? 'on' : 'off'}`)}
          </Button>
        )}
        {(isChair || by === own) && (
          <Button onClick={() => void request({ kind: 'uncarry', room: scene.id, carried: id })}>
            {t('rooms.uncarry')}
          </Button>
        )}
      </div>
    </li>
  )
}

/** Down, all that is said in the room goes out on the channel. */
function TalkKey({ carried, name, own }: { carried: SceneCarried; name: string; own: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  const [down, setDown] = useState(false)
  const letGo = useRef<(() => void) | undefined>(undefined)
  const { id, keyedBy } = carried
  const taken = keyedBy !== null && keyedBy !== own
  const release = () => {
    letGo.current?.()
    letGo.current = undefined
    setDown(false)
  }
  useEffect(() => {
    // Somebody else was quicker.
    if (taken) {
      letGo.current?.()
      letGo.current = undefined
      setDown(false)
    }
  }, [taken])
  return (
    <HoldButton
      className={styles.talkKey}
      label={t('rooms.talkOn', { name })}
      title={t('rooms.talkOnHint')}
      down={down}
      disabled={taken}
      press={() => {
        if (taken || letGo.current !== undefined) return
        setDown(true)
        letGo.current = holdKey(id, (error) => {
          message.error(explain(error))
          release()
        })
      }}
      release={release}
      gone={release}
    >
      {t('rooms.talk')}
    </HoldButton>
  )
}
