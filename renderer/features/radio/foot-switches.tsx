/** Foot switches and keys beside the keyboard: what each keys, how it does, and a new one found by pressing it. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FoundKey, HardwareDevice, HardwareKeyStatus } from '../../../contract/hardware.ts'
import { type HardwareKey, MOST_HARDWARE_KEYS } from '../../../contract/radio-settings.ts'
import { engine } from '../../app/engine.ts'
import { named } from '../../app/i18n/index.ts'
import { useApp } from '../../app/store.ts'
import { useExplain } from '../../ui/refusal.ts'
import { useChangeSettings } from '../settings/display-settings.tsx'
import styles from './panel-tools.module.css'
import { isSameSwitch, withSwitch } from './switch-list.ts'

export function FootSwitches() {
  const { t } = useTranslation()
  const explain = useExplain()
  const keys = useApp(({ settings }) => settings.seat.pushToTalk.hardware)
  const changeSettings = useChangeSettings()
  const states = useStates()
  const devices = useDevices()
  const [failure, setFailure] = useState<string>()
  const [finding, setFinding] = useState(false)
  const change = (hardware: readonly HardwareKey[]) =>
    changeSettings({ pushToTalk: { hardware: [...hardware] } })
  const found = (key: FoundKey) => {
    setFinding(false)
    change(withSwitch(keys, key))
  }
  useFinding(finding, found, (error) => {
    setFinding(false)
    setFailure(explain(error))
  })
  return (
    <div className={styles.switches}>
      <b>{t('radio.switches')}</b>
      <ul>
        {keys.map((key, at) => (
          <SwitchRow
            key={JSON.stringify({ ...key, keys: undefined })}
            own={key}
            state={states.find((state) => isSameSwitch(state.key, key))}
            name={nameOf(key, devices)}
            onChange={(next) => change(keys.with(at, next))}
            onRemove={() => change(keys.toSpliced(at, 1))}
          />
        ))}
      </ul>
      {finding ? (
        <p role="status">
          {t('radio.pressSwitch')} <Button onClick={() => setFinding(false)}>{t('common.cancel')}</Button>
        </p>
      ) : (
        <Button
          disabled={keys.length >= MOST_HARDWARE_KEYS}
          title={t('radio.findHint')}
          onClick={() => {
            setFailure(undefined)
            setFinding(true)
          }}
        >
          {t('radio.findSwitch')}
        </Button>
      )}
      {failure !== undefined && <p role="alert">{failure}</p>}
    </div>
  )
}

interface SwitchRowProps {
  readonly own: HardwareKey
  /** Undefined: the engine has not told of it. */
  readonly state: HardwareKeyStatus | undefined
  readonly name: string
  onChange(key: HardwareKey): void
  onRemove(): void
}

function SwitchRow({ own, state, name, onChange, onRemove }: SwitchRowProps) {
  const { t } = useTranslation()
  const channels = useApp(({ shared }) => shared.state.directory.channels)
  const words =
    state === undefined || state.state === 'looking'
      ? t(`radio.switchTroubles.${state?.trouble ?? 'absent'}`)
      : t(state.down ? 'radio.switchDown' : 'radio.switchReady')
  return (
    <li data-switch={own.kind} data-state={state?.state ?? 'looking'}>
      <span className={styles.wide}>
        {name}
        <span className={styles.note} title={state?.why ?? undefined}>
          {' '}
          {state?.state === 'ready' ? (state.down ? '▼' : '●') : '◆'} {words}
        </span>
      </span>
      <select
        className={styles.select}
        aria-label={t('radio.switchKeys', { name })}
        value={own.keys.kind === 'channel' ? own.keys.channel : ''}
        onChange={({ target }) =>
          onChange({
            ...own,
            keys: target.value === '' ? { kind: 'selected' } : { kind: 'channel', channel: target.value },
          })
        }
      >
        <option value="">{t('radio.keysSelected')}</option>
        {Object.values(channels).map((channel) => (
          <option key={channel.id} value={channel.id}>
            {named(channel.name)}
          </option>
        ))}
      </select>
      <Button
        aria-label={t('radio.removeSwitch', { name })}
        title={t('radio.removeSwitch', { name })}
        onClick={onRemove}
      >
        ✕
      </Button>
    </li>
  )
}

/** As the system calls its device, and which line or bit of it. */
function nameOf(key: HardwareKey, devices: readonly HardwareDevice[]): string {
  if (key.kind === 'serial') {
    const device = devices.find((one) => one.kind === 'serial' && one.path === key.path)
    return `${device?.name ?? key.path} ${key.line.toUpperCase()}`
  }
  const hex = (number: number) => number.toString(16).padStart(4, '0')
  const device = devices.find(
    (one) => one.kind === 'hid' && one.vendor === key.vendor && one.product === key.product,
  )
  return `${device?.name ?? `USB ${hex(key.vendor)}:${hex(key.product)}`} ${key.octet}.${key.bit}`
}

function useStates(): readonly HardwareKeyStatus[] {
  const [states, setStates] = useState<readonly HardwareKeyStatus[]>([])
  useEffect(() => {
    const watching = engine.hardware.watch.subscribe(undefined, {
      onData: setStates,
      // Comes back with the engine.
      onError: () => setStates([]),
    })
    return () => watching.unsubscribe()
  }, [])
  return states
}

function useDevices(): readonly HardwareDevice[] {
  const [devices, setDevices] = useState<readonly HardwareDevice[]>([])
  useEffect(() => {
    let over = false
    engine.hardware.list.query().then(
      (list) => {
        if (!over) setDevices(list)
      },
      // Only their names: what the settings say is shown instead.
      () => undefined,
    )
    return () => {
      over = true
    }
  }, [])
  return devices
}

/** Until a switch is found, or nobody wants one any more. */
function useFinding(on: boolean, found: (key: FoundKey) => void, failed: (error: unknown) => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is done with it is not what begins it anew.
  useEffect(() => {
    if (!on) return
    const finding = engine.hardware.find.subscribe(undefined, { onData: found, onError: failed })
    return () => finding.unsubscribe()
  }, [on])
}
