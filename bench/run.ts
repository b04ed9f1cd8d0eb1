/** `npm run bench`: runs benchmarks and says what they measured. */
import { parseArgs } from 'node:util'
import { type Bench, failureOf, missedTargets, type Result, resultOf } from './bench.ts'
import { benches } from './benches.ts'
import { writeReport } from './report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, all: { type: 'boolean' }, write: { type: 'boolean' } },
})
const say = (text: string) => process.stderr.write(`${text}\n`)
const named = positionals.map((name) => ({ name, bench: benches.find((bench) => bench.name === name) }))
const unknown = named.filter(({ bench }) => bench === undefined)

if (unknown.length > 0) {
  say(`there is no benchmark called ${unknown.map(({ name }) => name).join(', ')}; npm run bench lists them`)
  process.exitCode = 2
} else if (values.all !== true && named.length === 0) {
  for (const { name, about, takes } of benches)
    console.log(`${name.padEnd(12)} ${about}${takes === undefined ? '' : ` (${takes})`}`)
} else {
  const chosen =
    values.all === true ? benches : named.flatMap(({ bench }) => (bench === undefined ? [] : [bench]))
  const results: Result[] = []
  for (const bench of chosen) results.push(await measure(bench))
  if (values.write === true) writeReport(results)
  if (values.json === true) for (const result of results) console.log(JSON.stringify(result))
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1
}

async function measure(bench: Bench): Promise<Result> {
  say(`${bench.name}: ${bench.about}${bench.takes === undefined ? '' : `; takes ${bench.takes}`}`)
  try {
    const result = resultOf(bench, await bench.run((text) => say(`  ${text}`)))
    print(result)
    return result
  } catch (error) {
    const result = failureOf(bench, error)
    say(`  could not run: ${result.error}`)
    return result
  }
}

function print({ figures, spread, peer, targets }: Result): void {
  const missed = new Set(missedTargets(figures, targets))
  console.log(
    `${'figure'.padEnd(18)} ${'median'.padStart(10)} ${'min'.padStart(10)} ${'max'.padStart(10)} ${'peer'.padStart(10)}  target`,
  )
  for (const [name, value] of Object.entries(figures)) {
    const [low, high] = spread[name] ?? []
    const cells = [value, low, high, peer[name]].map((cell) => String(cell ?? '').padStart(10)).join(' ')
    console.log(
      `${name.padEnd(18)} ${cells}  ${targetOf(name, targets)}${missed.has(name) ? '  MISSED' : ''}`,
    )
  }
  for (const name of missed)
    if (!(name in figures)) console.log(`${name.padEnd(18)} was not measured  MISSED`)
}

function targetOf(name: string, targets: Result['targets']): string {
  const found = Object.entries(targets).find(([key]) =>
    key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : key === name,
  )
  if (found === undefined) return ''
  const [, target] = found
  return 'min' in target ? `>= ${target.min}` : `<= ${target.max}`
}
