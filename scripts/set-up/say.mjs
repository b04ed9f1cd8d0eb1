/** What a script tells the person at the terminal: on stderr, so that stdout is for results. */

export const say = (text) => process.stderr.write(`${text}\n`)

/** Says what begins, does it, and says how long it took if that was long. */
export async function step(text, work) {
  say(`· ${text}`)
  const began = Date.now()
  const result = await work()
  const took = Date.now() - began
  if (took > 2000) say(`  done in ${(took / 1000).toFixed(1)} s`)
  return result
}

/** Something a person must put right; the message says what. */
export class SetUpError extends Error {}

/** Runs a script's main function; what a person must put right is told without a stack. */
export function run(main) {
  main().then(
    (status) => {
      process.exitCode = status ?? 0
    },
    (error) => {
      say(error instanceof SetUpError ? error.message : (error?.stack ?? String(error)))
      process.exitCode = 1
    },
  )
}
