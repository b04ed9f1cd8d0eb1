/** How long ago something began, as a clock: 0:07, 12:30, 1:02:03. */
import { useNow } from '../../ui/age.ts'

export function Duration({ since }: { since: number }) {
  const seconds = Math.max(0, Math.floor((useNow() - since) / 1000))
  return <time>{clock(seconds)}</time>
}

export function clock(seconds: number): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  const rest = pad(seconds % 60)
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${rest}`
}
