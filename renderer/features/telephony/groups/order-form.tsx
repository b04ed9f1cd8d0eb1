/** Whom to ring at once or in turn: units of the directory and numbers. Begins a group call, or adds to one. */
import { Button, Checkbox, Radio, Select } from 'antd'
import { type FormEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Callee } from '../../../../contract/seat-telephone.ts'
import {
  type GroupCallKind,
  groupCallKinds,
  MOST_PARTIES,
  numberSchema,
} from '../../../../contract/telephony.ts'
import { named } from '../../../app/i18n/index.ts'
import { useApp } from '../../../app/store.ts'
import { useTelephone } from '../use-telephone.ts'
import styles from './groups.module.css'
import { numberOf } from './reachable.ts'

/** Keeps units apart from numbers that are typed. */
const UNIT = 'unit/'

/** `group`: the one to add to. */
export function OrderForm({ group, onDone }: { group?: string; onDone(): void }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const units = useApp(({ shared }) => shared.state.directory.units)
  const options = useMemo(
    () =>
      Object.values(units).flatMap((unit) => {
        const number = numberOf(unit)
        return number === undefined
          ? []
          : [{ value: `${UNIT}${unit.id}`, label: `${named(unit.name)} ${number}` }]
      }),
    [units],
  )
  const [kind, setKind] = useState<GroupCallKind>('group')
  const [stay, setStay] = useState(false)
  const [chosen, setChosen] = useState<readonly string[]>([])
  const callees = chosen.map(
    (value): Callee => (value.startsWith(UNIT) ? { unit: value.slice(UNIT.length) } : { number: value }),
  )
  const wrong = callees.some((callee) => 'number' in callee && !numberSchema.safeParse(callee.number).success)
  const tooMany = callees.length > MOST_PARTIES
  const fits = callees.length > 0 && !wrong && !tooMany
  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (!fits) return
    const sent = await act((telephone) =>
      group === undefined
        ? telephone.startGroup.mutate({ kind, callees, stay: kind === 'roll-call' && stay })
        : telephone.addToGroup.mutate({ group, callees }),
    )
    if (sent) onDone()
  }
  return (
    <form className={styles.order} onSubmit={send}>
      {group === undefined && (
        <>
          <Radio.Group
            optionType="button"
            value={kind}
            onChange={({ target }) => setKind(target.value as GroupCallKind)}
            options={groupCallKinds.map((value) => ({ value, label: t(`groupCall.kinds.${value}`) }))}
          />
          <p>{t(`groupCall.hints.${kind}`)}</p>
        </>
      )}
      <Select
        mode="tags"
        aria-label={t('groupCall.whom')}
        placeholder={t('groupCall.whom')}
        value={[...chosen]}
        status={wrong || tooMany ? 'error' : ''}
        options={options}
        optionFilterProp="label"
        tokenSeparators={[',', ',', ' ', '、']}
        onChange={(values: string[]) => setChosen(values)}
      />
      {tooMany && <p role="alert">{t('groupCall.tooMany', { n: MOST_PARTIES })}</p>}
      {group === undefined && kind === 'roll-call' && (
        <Checkbox checked={stay} onChange={({ target }) => setStay(target.checked)}>
          {t('groupCall.stay')}
        </Checkbox>
      )}
      <Button type="primary" htmlType="submit" disabled={!fits}>
        {group === undefined ? t('groupCall.start') : t('groupCall.add')}
      </Button>
    </form>
  )
}
