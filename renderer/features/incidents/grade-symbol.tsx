/** The symbol of an incident's grade; its words stand beside it, or are its name. */
import { useTranslation } from 'react-i18next'
import type { Grade } from '../../../contract/deadlines.ts'
import { lookOfGrade, numeralOf } from './grades.ts'
import styles from './incidents.module.css'

export function GradeSymbol({ grade, isOver = false }: { grade: Grade | null; isOver?: boolean }) {
  const { t } = useTranslation()
  const { path, colour, middle } = lookOfGrade(grade)
  return (
    <svg
      viewBox="0 0 24 24"
      className={styles.symbol}
      role="img"
      aria-label={t(`grades.${grade ?? 'none'}`)}
      data-over={isOver || undefined}
    >
      <path d={path} style={{ fill: `var(${colour})` }} />
      <text x="12" y={middle} textAnchor="middle" dominantBaseline="central">
        {numeralOf(grade)}
      </text>
    </svg>
  )
}
