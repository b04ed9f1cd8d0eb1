/** What a benchmark is, and what becomes of its samples. */

/** Every repetition's value of each figure. */
export type Samples = Readonly<Record<string, readonly number[]>>

export interface Measured {
  readonly figures: Samples
  /** The peer's, under the same names. */
  readonly peer?: Samples
}

export type Target = { readonly min: number } | { readonly max: number }

export interface Bench {
  readonly name: string
  /** One line: what is measured, against what. */
  readonly about: string
  /** Said at the start if it takes longer than a minute. */
  readonly takes?: string
  /** By figure; a name that ends in `*` stands for all that begin so. */
  readonly targets: Readonly<Record<string, Target>>
  run(say: (text: string) => void): Promise<Measured>
}

export interface Result {
  readonly bench: string
  readonly figures: Readonly<Record<string, number>>
  readonly spread: Readonly<Record<string, readonly [number, number]>>
  readonly peer: Readonly<Record<string, number>>
  readonly targets: Readonly<Record<string, Target>>
  readonly ok: boolean
  readonly error?: string
}

export function resultOf({ name, targets }: Bench, { figures, peer = {} }: Measured): Result {
  const medians = mapped(figures, median)
  return {
    bench: name,
    figures: medians,
    spread: mapped(
      figures,
      (values) => [rounded(Math.min(...values)), rounded(Math.max(...values))] as const,
    ),
    peer: mapped(peer, median),
    targets,
    ok: missedTargets(medians, targets).length === 0,
  }
}

/** A benchmark that could not run. */
export const failureOf = ({ name, targets }: Bench, error: unknown): Result => ({
  bench: name,
  figures: {},
  spread: {},
  peer: {},
  targets,
  ok: false,
  error: error instanceof Error ? error.message : String(error),
})

/** The figures that miss a target, and targets without a figure. */
export function missedTargets(
  figures: Readonly<Record<string, number>>,
  targets: Readonly<Record<string, Target>>,
): string[] {
  return Object.entries(targets).flatMap(([name, target]) => {
    const names = Object.keys(figures).filter((figure) =>
      name.endsWith('*') ? figure.startsWith(name.slice(0, -1)) : figure === name,
    )
    return names.length === 0
      ? [name]
      : names.filter((figure) => !holds(figures[figure] ?? Number.NaN, target))
  })
}

const holds = (value: number, target: Target): boolean =>
  'min' in target ? value >= target.min : value <= target.max

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return rounded(sorted.length % 2 === 1 ? high : (low + high) / 2)
}

/** The value below which this share of the samples lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Three figures are as many as these machines can mean. */
const rounded = (value: number): number => Number(value.toPrecision(3))

const mapped = <T>(samples: Samples, from: (values: readonly number[]) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, from(values)]))

/** Collects samples under their names. */
export class Collector {
  readonly #samples: Record<string, number[]> = {}

  add(values: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(values)) {
      const list = this.#samples[name] ?? []
      list.push(value)
      this.#samples[name] = list
    }
  }

  get samples(): Samples {
    return this.#samples
  }
}
