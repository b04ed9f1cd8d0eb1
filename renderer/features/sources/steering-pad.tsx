/** Turns a camera: held buttons, or the arrow keys, plus and minus, and the views that it has stored. */
import { Segmented, Select } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Source } from '../../../contract/sources.ts'
import type { Direction, Preset } from '../../../contract/steering.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { HoldButton } from '../../ui/hold-button.tsx'
import { useExplain } from '../../ui/refusal.ts'
import styles from './steering-pad.module.css'
import { useSteering } from './use-steering.ts'

/** As they lie on the pad. */
const ways = [
  ['upLeft', '↖', -1, 1],
  ['up', '↑', 0, 1],
  ['upRight', '↗', 1, 1],
  ['left', '←', -1, 0],
  ['right', '→', 1, 0],
  ['downLeft', '↙', -1, -1],
  ['down', '↓', 0, -1],
  ['downRight', '↘', 1, -1],
] as const
const zooms = [
  ['closer', '+', 1],
  ['away', '−', -1],
] as const
/** Of the fastest. */
const speeds = { slow: 0.2, middle: 0.5, fast: 1 } as const
type Speed = keyof typeof speeds

const keys: Readonly<Record<string, Direction>> = {
  ArrowLeft: { pan: -1, tilt: 0, zoom: 0 },
  ArrowRight: { pan: 1, tilt: 0, zoom: 0 },
  ArrowUp: { pan: 0, tilt: 1, zoom: 0 },
  ArrowDown: { pan: 0, tilt: -1, zoom: 0 },
  '+': { pan: 0, tilt: 0, zoom: 1 },
  '=': { pan: 0, tilt: 0, zoom: 1 },
  '-': { pan: 0, tilt: 0, zoom: -1 },
}

export function SteeringPad({ source }: { source: Source }) {
  const { t } = useTranslation()
  const { held, hold, release, goTo } = useSteering(source.id)
  const [speed, setSpeed] = useState<Speed>('middle')
  const own = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account.id : undefined,
  )
  const by = useApp(({ sources }) => sources?.[source.id]?.steering?.by)
  const other = by !== undefined && by !== null && by.account !== own ? named(by.name) : undefined
  const name = named(source.name)
  const start = (what: string, { pan, tilt, zoom }: Direction) => {
    if (other !== undefined) return
    const factor = speeds[speed]
    hold(what, { pan: pan * factor, tilt: tilt * factor, zoom: zoom * factor })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = keys[event.key]
    if (direction === undefined) return
    event.preventDefault()
    event.stopPropagation()
    if (!event.repeat) start(event.key, direction)
  }
  const onKeyUp = (event: KeyboardEvent) => {
    if (event.key === held) release()
  }
  const button = (what: string, sign: string, direction: Direction) => (
    <HoldButton
      key={what}
      className={styles[what]}
      label={t(`steering.ways.${what as 'up'}`)}
      title={t(`steering.ways.${what as 'up'}`)}
      down={held === what}
      disabled={other !== undefined}
      press={() => start(what, direction)}
      release={release}
      gone={release}
    >
      {sign}
    </HoldButton>
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame of its own.
    <div role="group" aria-label={t('steering.of', { name })} className={styles.pad}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it. */}
      <div className={styles.wheel} onKeyDown={onKeyDown} onKeyUp={onKeyUp}>
        {ways.map(([what, sign, pan, tilt]) => button(what, sign, { pan, tilt, zoom: 0 }))}
        {zooms.map(([what, sign, zoom]) => button(what, sign, { pan: 0, tilt: 0, zoom }))}
      </div>
      <div className={styles.more}>
        <Segmented
          size="small"
          aria-label={t('steering.speed')}
          value={speed}
          onChange={setSpeed}
          options={(Object.keys(speeds) as Speed[]).map((value) => ({
            value,
            label: t(`steering.speeds.${value}`),
          }))}
        />
        <Presets source={source} onChoose={goTo} />
        <p role="status">{other === undefined ? t('steering.hint') : t('steering.by', { name: other })}</p>
      </div>
    </div>
  )
}

/** Asked of the camera when they are looked for. */
function Presets({ source, onChoose }: { source: Source; onChoose(preset: string): void }) {
  const { t } = useTranslation()
  const explain = useExplain()
  const [found, setFound] = useState<readonly Preset[] | string>()
  const [asking, setAsking] = useState(false)
  const ask = async () => {
    setAsking(true)
    setFound(
      await engine.video.sources.presets
        .query({ source: source.id })
        .catch((error: unknown) => explain(error)),
    )
    setAsking(false)
  }
  return (
    <Select
      size="small"
      aria-label={t('steering.presets')}
      placeholder={t('steering.presets')}
      value={null}
      loading={asking}
      notFoundContent={
        asking || found === undefined
          ? t('steering.asking')
          : typeof found === 'string'
            ? found
            : t('steering.noPresets')
      }
      options={
        typeof found === 'object' ? found.map(({ token, name }) => ({ value: token, label: name })) : []
      }
      onOpenChange={(open) => open && void ask()}
      onSelect={(preset: string | null) => preset !== null && onChoose(preset)}
    />
  )
}
