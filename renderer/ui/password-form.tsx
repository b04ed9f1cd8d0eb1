/** Asks for a password that the seat is to keep. */
import { Button, Input, Space } from 'antd'
import { type FormEvent, useState } from 'react'

interface PasswordFormProps {
  /** Whose it is. */
  readonly label: string
  /** What the button says. */
  readonly keep: string
  onKeep(password: string): void
}

export function PasswordForm({ label, keep, onKeep }: PasswordFormProps) {
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (password !== '') onKeep(password)
  }
  return (
    <form onSubmit={submit}>
      <Space.Compact>
        <Input.Password
          autoComplete="off"
          aria-label={label}
          placeholder={label}
          value={password}
          onChange={({ target }) => setPassword(target.value)}
        />
        <Button type="primary" htmlType="submit" disabled={password === ''}>
          {keep}
        </Button>
      </Space.Compact>
    </form>
  )
}
