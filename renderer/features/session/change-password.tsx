import { Alert, App, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../../contract/primitives.ts'
import { engine } from '../../app/engine.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { useExplain } from '../../ui/refusal.ts'

interface Fields {
  current: string
  next: string
  repeat: string
}

interface ChangePasswordProps {
  readonly account: Id
  readonly open: boolean
  onClose(): void
}

export function ChangePassword({ account, open, onClose }: ChangePasswordProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const explain = useExplain()
  const [form] = Form.useForm<Fields>()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const close = () => {
    form.resetFields()
    setFailure(undefined)
    onClose()
  }
  const change = async ({ current, next }: Fields) => {
    setBusy(true)
    setFailure(undefined)
    try {
      await engine.session.changePassword.mutate({ current, next })
      message.success(t('password.done'))
      close()
    } catch (error) {
      setFailure(explain(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('password.title')}
      open={open}
      onCancel={close}
      onOk={() => form.submit()}
      okText={t('password.submit')}
      cancelText={t('common.cancel')}
      confirmLoading={busy}
      width={400}
      forceRender
    >
      <Form form={form} layout="vertical" requiredMark={false} onFinish={change}>
        {/* Password managers want to know whose password it is. */}
        <input type="text" autoComplete="username" value={account} readOnly hidden />
        <Form.Item name="current" label={t('password.current')} rules={[{ required: true }]}>
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="next"
          label={t('password.next')}
          rules={[{ required: true, min: 8, message: t('password.tooShort') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('password.repeat')}
          dependencies={['next']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_rule, value) =>
                value === getFieldValue('next')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('password.differs'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
      </Form>
      {failure !== undefined && <Alert type="error" showIcon title={failure} />}
    </Dialog>
  )
}
