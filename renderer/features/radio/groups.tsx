/** Channels that an officer takes up together: saved under a name, selected with one click. */
import { Button, Input, Popover, Space } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChannelGroup, MOST_GROUPS } from '../../../contract/radio-settings.ts'
import { takenUp } from './own-radio.ts'
import styles from './panel-tools.module.css'
import { useOwnRadio } from './use-channels.ts'

export function Groups() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={<GroupList onDone={() => setOpen(false)} />}
    >
      <Button aria-expanded={open}>{t('radio.groups')}</Button>
    </Popover>
  )
}

function GroupList({ onDone }: { onDone(): void }) {
  const { t } = useTranslation()
  const [own, change] = useOwnRadio()
  const take = (group: ChannelGroup) => {
    change(takenUp(own, group))
    onDone()
  }
  return (
    <section className={styles.popover} aria-label={t('radio.groups')}>
      {own.groups.length === 0 && <p>{t('radio.noGroups')}</p>}
      <ul className={styles.rows}>
        {own.groups.map((group) => (
          <li key={group.name}>
            <Button className={styles.wide ?? ''} onClick={() => take(group)}>
              {t('radio.takeGroup', { name: group.name, n: group.channels.length })}
            </Button>
            <Button
              aria-label={t('radio.dropGroup', { name: group.name })}
              title={t('radio.dropGroup', { name: group.name })}
              onClick={() => change({ groups: own.groups.filter((other) => other !== group) })}
            >
              ✕
            </Button>
          </li>
        ))}
      </ul>
      <NewGroup />
    </section>
  )
}

/** The selected channels, under a name; one of that name before is replaced. */
function NewGroup() {
  const { t } = useTranslation()
  const [own, change] = useOwnRadio()
  const [text, setText] = useState('')
  const name = text.trim()
  const others = own.groups.filter((group) => group.name !== name)
  const can = name !== '' && own.selected.length > 0 && others.length < MOST_GROUPS
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!can) return
    change({ groups: [...others, { name, channels: own.selected }] })
    setText('')
  }
  return (
    <form onSubmit={save}>
      <Space.Compact block>
        <Input
          maxLength={40}
          aria-label={t('radio.groupName')}
          placeholder={t(own.selected.length === 0 ? 'radio.selectFirst' : 'radio.groupName')}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <Button htmlType="submit" type="primary" disabled={!can}>
          {t('radio.saveGroup', { n: own.selected.length })}
        </Button>
      </Space.Compact>
    </form>
  )
}
