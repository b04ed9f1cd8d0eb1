/** Adds somebody to the favourites, or takes them out. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Favourite } from '../../../contract/favourites.ts'
import { unitWithNumber } from '../../../contract/telephony.ts'
import { useApp } from '../../app/store.ts'
import { useFavourites } from './use-favourites.ts'

export function FavouriteToggle({
  favourite,
  disabled = false,
}: {
  favourite: Favourite
  disabled?: boolean
}) {
  const { t } = useTranslation()
  const { has, toggle } = useFavourites()
  const isIn = has(favourite)
  const words = t(isIn ? 'favourites.remove' : 'favourites.add')
  return (
    <Button
      aria-label={words}
      aria-pressed={isIn}
      title={words}
      disabled={disabled}
      onClick={() => toggle(favourite)}
    >
      {isIn ? '★' : '☆'}
    </Button>
  )
}

/** Of a number: the unit that has it, so that it stays right when the unit comes to have another. */
export function NumberToggle({ number, name = null }: { number: string; name?: string | null }) {
  const unit = useApp(({ shared }) => unitWithNumber(shared.state.directory, number))
  return <FavouriteToggle favourite={unit === null ? { number, name } : { unit }} disabled={number === ''} />
}
