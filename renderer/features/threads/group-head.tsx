/** A group at the head of its thread: which units are in it, and dissolving it. */
import { Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { type ThreadName, threadKey } from '../../../contract/threads.ts'
import type { GroupThread } from '../../../contract/unit-groups.ts'
import { listed, named } from '../../app/i18n/index.ts'
import { useApp, useSend } from '../../app/store.ts'
import { useSubmit } from '../../app/submit.ts'
import { threadClosed } from './slice.ts'
import styles from './threads.module.css'

export const GroupHead = ({ thread }: { thread: ThreadName }) =>
  thread.kind === 'group' ? <Members thread={thread} /> : null

function Members({ thread }: { thread: GroupThread }) {
  const { t } = useTranslation()
  const send = useSend()
  const submit = useSubmit()
  const group = useApp(({ shared }) => shared.state.threads[threadKey(thread)]?.group)
  const units = useApp(({ shared }) => shared.state.directory.units)
  if (group === undefined) return <p className={styles.none}>{t('threads.group.gone')}</p>
  const names = group.units.map((id) => (units[id] === undefined ? id : named(units[id].name)))
  const dissolve = async () => {
    const outcome = await submit({ kind: 'group.dissolve', thread })
    if (outcome !== 'refused') send(threadClosed())
  }
  return (
    <div className={styles.line} data-testid="group">
      <small>{t('threads.group.members', { n: names.length, names: listed(names) })}</small>
      <Popconfirm
        title={t('threads.group.dissolveSure', { name: group.name })}
        okText={t('threads.group.dissolve')}
        cancelText={t('threads.group.keep')}
        onConfirm={dissolve}
      >
        <Button size="small">{t('threads.group.dissolve')}</Button>
      </Popconfirm>
    </div>
  )
}
