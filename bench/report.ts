/** Writes docs/performance.md: what was measured, on what machine, against which targets. */
import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { missedTargets, type Result } from './bench.ts'
import { benches } from './benches.ts'

const file = join(import.meta.dirname, '..', 'docs', 'performance.md')

export function writeReport(results: readonly Result[]): void {
  const machine = cpus()
  const lines = [
    '# Performance',
    '',
    'Written by `npm run bench -- --all --write`. Times are milliseconds, rates per second, CPU a fraction of one core,',
    'memory MiB. Each figure is the median of at least five repetitions, with the lowest and highest. Machines are noisy:',
    'the columns of one run can be compared with each other, less so those of two machines.',
    '',
    `Machine: ${machine.length} × ${machine[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.versions.node}.`,
    '',
    ...results.flatMap(section),
  ]
  writeFileSync(file, `${lines.join('\n').trimEnd()}\n`)
}

function section(result: Result): string[] {
  const { bench, figures, spread, peer, targets, error } = result
  const about = benches.find(({ name }) => name === bench)?.about ?? ''
  if (error !== undefined) return [`## ${bench}`, '', `${about}. Could not run: ${error}`, '']
  const missed = new Set(missedTargets(figures, targets))
  const rows = Object.entries(figures).map(([name, value]) => {
    const [low, high] = spread[name] ?? []
    return `| ${name} | ${value} | ${low}–${high} | ${peer[name] ?? ''} | ${missed.has(name) ? 'missed' : ''} |`
  })
  const wanted = Object.entries(targets)
    .map(([name, target]) => ('min' in target ? `${name} ≥ ${target.min}` : `${name} ≤ ${target.max}`))
    .join(', ')
  return [
    `## ${bench}`,
    '',
    `${about}.${wanted === '' ? '' : ` Targets: ${wanted}.`}`,
    '',
    '| figure | median | lowest–highest | peer | |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ]
}
