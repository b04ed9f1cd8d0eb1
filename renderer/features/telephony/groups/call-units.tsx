/** Rings all units that are selected, at once or in turn. Says first how many that are. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../../contract/primitives.ts'
import { type GroupCallKind, groupCallKinds, MOST_PARTIES } from '../../../../contract/telephony.ts'
import { useApp } from '../../../app/store.ts'
import { useTelephone } from '../use-telephone.ts'
import styles from './groups.module.css'
import { numberOf } from './reachable.ts'

export function CallUnits({ selected }: { selected: readonly Id[] }) {
  const { t } = useTranslation()
  const act = useTelephone()
  const hasLine = useApp(({ telephony }) => telephony.lines.length > 0)
  const units = useApp(({ shared }) => shared.state.directory.units)
  if (!hasLine) return null
  const reachable = selected.filter((id) => units[id] !== undefined && numberOf(units[id]) !== undefined)
  const without = selected.length - reachable.length
  const tooMany = reachable.length > MOST_PARTIES
  const start = (kind: GroupCallKind) =>
    act((telephone) => telephone.startGroup.mutate({ kind, callees: reachable.map((unit) => ({ unit })) }))
  return (
    <div className={styles.units}>
      <p>
        {reachable.length === 0
          ? t('groupCall.none')
          : tooMany
            ? t('groupCall.tooMany', { n: MOST_PARTIES })
            : t('groupCall.willRing', { n: reachable.length })}
        {reachable.length > 0 && without > 0 && t('groupCall.without', { n: without })}
      </p>
      {groupCallKinds.map((kind) => (
        <Button
          key={kind}
          {...(kind === 'group' && { type: 'primary' })}
          disabled={reachable.length === 0 || tooMany}
          title={t(`groupCall.hints.${kind}`)}
          onClick={() => start(kind)}
        >
          {t(`groupCall.kinds.${kind}`)}
        </Button>
      ))}
    </div>
  )
}
