/** The favourites: who is free, and one click to call. */
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Favourite, numberOfFavourite } from '../../../contract/favourites.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import styles from './favourites.module.css'
import { keyOf } from './favourites.ts'
import { useFavourites } from './use-favourites.ts'
import { useTelephone } from './use-telephone.ts'

export function FavouritesPanel() {
  const { t } = useTranslation()
  const { list } = useFavourites()
  const hasLine = useApp(({ telephony }) => telephony.lines.length > 0)
  const [arranging, setArranging] = useState(false)
  if (!hasLine) return <p className={styles.none}>{t('favourites.noLine')}</p>
  if (list.length === 0) return <p className={styles.none}>{t('favourites.none')}</p>
  return (
    <div className={styles.panel} data-testid="favourites">
      <Button
        className={styles.arrange ?? ''}
        size="small"
        aria-pressed={arranging}
        onClick={() => setArranging(!arranging)}
      >
        {t(arranging ? 'favourites.arranged' : 'favourites.arrange')}
      </Button>
      <ol className={styles.list}>
        {list.map((favourite, at) => (
          <Row key={keyOf(favourite)} favourite={favourite} at={at} arranging={arranging} />
        ))}
      </ol>
    </div>
  )
}

const signs = { idle: '●', ringing: '◐', busy: '■', offline: '✕', unknown: '?' } as const

function Row({ favourite, at, arranging }: { favourite: Favourite; at: number; arranging: boolean }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const directory = useApp(({ shared }) => shared.state.directory)
  const number = numberOfFavourite(favourite, directory)
  const state = useApp(({ lamps }) => (number === undefined ? undefined : lamps[number])) ?? 'unknown'
  const unit = 'unit' in favourite ? directory.units[favourite.unit] : undefined
  const own = 'unit' in favourite ? favourite.unit : (favourite.name ?? favourite.number)
  const name = unit === undefined ? own : named(unit.name)
  const words = number === undefined ? t('favourites.noNumber') : t(`favourites.states.${state}`)
  const call = () =>
    act((telephone) => telephone.dial.mutate('unit' in favourite ? favourite : { number: favourite.number }))
  return (
    <li data-favourite={keyOf(favourite)} data-state={state}>
      <button
        type="button"
        className={styles.call}
        disabled={number === undefined}
        title={number === undefined ? words : t('telephone.callUnit', { number })}
        onClick={call}
      >
        <i aria-hidden="true">{signs[state]}</i>
        <b>{name}</b>
        {number !== name && <span className={styles.number}>{number}</span>}
        <span className={styles.state}>{words}</span>
      </button>
      {arranging && <Arrange favourite={favourite} at={at} name={name} />}
    </li>
  )
}

/** Up, down and out. What is moved keeps the focus, to be moved on. */
function Arrange({ favourite, at, name }: { favourite: Favourite; at: number; name: string }) {
  const { t } = useTranslation()
  const { list, move, toggle } = useFavourites()
  const buttons = useRef<HTMLSpanElement>(null)
  const pressed = useRef<'up' | 'down' | undefined>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the row has moved when its place is another.
  useEffect(() => {
    const find = (way: string) =>
      buttons.current?.querySelector<HTMLButtonElement>(`[data-move="${way}"]:not(:disabled)`)
    if (pressed.current !== undefined) (find(pressed.current) ?? find('up') ?? find('down'))?.focus()
    pressed.current = undefined
  }, [at])
  const go = (way: 'up' | 'down') => {
    pressed.current = way
    move(at, way === 'up' ? -1 : 1)
  }
  return (
    <span className={styles.moves} ref={buttons}>
      <Button
        size="small"
        data-move="up"
        disabled={at === 0}
        aria-label={`${t('favourites.up')}: ${name}`}
        onClick={() => go('up')}
      >
        ↑
      </Button>
      <Button
        size="small"
        data-move="down"
        disabled={at === list.length - 1}
        aria-label={`${t('favourites.down')}: ${name}`}
        onClick={() => go('down')}
      >
        ↓
      </Button>
      <Button
        size="small"
        aria-label={`${t('favourites.remove')}: ${name}`}
        onClick={() => toggle(favourite)}
      >
        ✕
      </Button>
    </span>
  )
}
