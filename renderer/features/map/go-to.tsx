/** Going to a place, an area or coordinates. */
import { AutoComplete, Button, type RefSelectProps } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcut } from '../../app/shortcuts/shortcuts.ts'
import { useApp } from '../../app/store.ts'
import { loadSchematic, schematicNames } from './basemaps/schematic.ts'
import { readPlace, writePlace } from './coordinates.ts'
import { type Destination, destinationsOf, findDestinations } from './destinations.ts'
import styles from './map.module.css'
import { mapView } from './map-view.ts'

const COORDINATES_ZOOM = 16

export function GoTo() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [missed, setMissed] = useState(false)
  const [places, setPlaces] = useState<readonly Destination[]>([])
  const input = useRef<RefSelectProps>(null)
  const areas = useApp(({ shared }) => shared.state.directory.areas)
  const language = useApp(({ settings }) => settings.seat.language)
  useShortcut('goTo', () => setOpen(true))
  useEffect(() => {
    if (open) input.current?.focus()
  }, [open])
  useEffect(() => {
    loadSchematic().then(
      (schematic) => setPlaces(destinationsOf({}, schematicNames(schematic))),
      () => setPlaces([]),
    )
  }, [])
  const all = useMemo(() => [...destinationsOf(areas, []), ...places], [areas, places])
  const found = findDestinations(all, text)
  const coordinates = readPlace(text)

  const close = () => {
    setOpen(false)
    setText('')
    setMissed(false)
  }
  const go = (destination: Destination | undefined) => {
    if (coordinates !== undefined) mapView.goTo(coordinates, COORDINATES_ZOOM)
    else if (destination !== undefined) mapView.goTo(destination.at, destination.zoom)
    else {
      setMissed(true)
      return
    }
    close()
  }
  if (!open)
    return (
      <Button type="text" onClick={() => setOpen(true)}>
        {t('map.goTo')} <kbd>G</kbd>
      </Button>
    )
  return (
    <AutoComplete
      ref={input}
      className={styles.goTo ?? ''}
      value={text}
      status={missed ? 'error' : ''}
      options={
        coordinates === undefined
          ? found.map(({ key, name }) => ({ value: key, label: name[language] }))
          : [{ value: 'coordinates', label: writePlace(coordinates) }]
      }
      placeholder={t('map.goToHint')}
      aria-label={t('map.goToHint')}
      notFoundContent={text.trim() === '' ? null : t('map.goToNothing', { text })}
      defaultActiveFirstOption
      onSearch={(value) => {
        setText(value)
        setMissed(false)
      }}
      onSelect={(key: string) => go(found.find((destination) => destination.key === key))}
      onBlur={close}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
        if (event.key === 'Enter' && found.length === 0 && coordinates === undefined && text.trim() !== '')
          go(undefined)
      }}
    />
  )
}
