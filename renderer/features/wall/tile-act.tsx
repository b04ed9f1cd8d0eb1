/** One sign among a tile's acts. */
import { Button } from 'antd'

interface TileActProps {
  readonly label: string
  readonly sign: string
  readonly pressed?: boolean
  readonly disabled?: boolean
  onClick(): void
}

export function TileAct({ label, sign, pressed, disabled = false, onClick }: TileActProps) {
  return (
    <Button
      type="text"
      size="small"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <span aria-hidden="true">{sign}</span>
    </Button>
  )
}
