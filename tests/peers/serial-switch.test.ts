/**
 * A serial foot switch through the real library and a terminal of the system's: a pseudo-terminal, whose modem lines
 * come from a file (tests/support/modem-lines.c), since no such terminal has any.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { endings } from '../support/at-end.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Program, runProgram, startProgram } from '../support/processes.ts'

/** TIOCM_CTS and TIOCM_DSR (asm-generic/termios.h). */
const CTS = 0x20
const DSR = 0x100
/** A terminal that is gone when its other side, this program, is ended. */
const openTerminal = `
import os, pty, sys
other, own = pty.openpty()
path = sys.argv[1]
if os.path.islink(path): os.remove(path)
os.symlink(os.ttyname(own), path)
print('open', flush=True)
sys.stdin.read()
`

const { atEnd } = endings()
let shim: string
beforeAll(async () => {
  shim = join(temporaryFolder(atEnd), 'modem-lines.so')
  const source = fileURLToPath(new URL('../support/modem-lines.c', import.meta.url))
  await runProgram('cc', ['-shared', '-fPIC', '-O1', '-o', shim, source, '-ldl'])
})

describe('a foot switch at a serial port', () => {
  it('keys as long as its line is on, lets go when the port is gone, and is found again', async () => {
    const { path, terminal, lines, seat } = await plugIn()
    await says(seat, 'ready')
    lines(DSR)
    lines(DSR | CTS)
    await says(seat, 'ready', 'down')
    lines(DSR)
    await says(seat, 'ready', 'down', 'up')
    lines(CTS)
    await says(seat, 'ready', 'down', 'up', 'down')
    await terminal.kill()
    await expect
      .poll(() => wordsOf(seat).slice(0, 6))
      .toEqual([
        'ready',
        'down',
        'up',
        'down',
        'up',
        expect.stringMatching(/^looking .*(Input\/output|I\/O) error/),
      ])
    lines(0)
    await openedAt(path)
    await expect.poll(() => wordsOf(seat).at(-1)).toBe('ready')
    lines(CTS)
    await expect.poll(() => wordsOf(seat).at(-1)).toBe('down')
  })
})

async function plugIn() {
  const folder = temporaryFolder(onTestFinished)
  const path = join(folder, 'ttyUSB0')
  const file = join(folder, 'lines')
  const lines = (bits: number) => writeFileSync(file, bits.toString(16))
  lines(0)
  const terminal = await openedAt(path)
  const script = fileURLToPath(new URL('../support/serial-switch.ts', import.meta.url))
  const env = { ...process.env, LD_PRELOAD: shim, MODEM_TTY: path, MODEM_LINES: file }
  const seat = startProgram(onTestFinished, process.execPath, [script, path], { env })
  return { path, terminal, lines, seat }
}

async function openedAt(path: string): Promise<Program> {
  const terminal = startProgram(onTestFinished, 'python3', ['-c', openTerminal, path])
  await expect.poll(terminal.said).toContain('open')
  return terminal
}

const wordsOf = (seat: Program): string[] => seat.said().split('\n').filter(Boolean)

const says = (seat: Program, ...words: string[]) => expect.poll(() => wordsOf(seat)).toEqual(words)
