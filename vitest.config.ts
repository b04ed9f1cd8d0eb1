import { defineConfig } from 'vitest/config'

/** How long `expect.poll` looks before it gives up: machines that run everything at once are slow. */
const expect = { poll: { timeout: 20_000, interval: 50 } }

/** Tests stand beside the code they test; whole-product suites are under tests/. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{bench,contract,field,hub,lab,main,meeting,renderer,scripts}/**/*.test.{ts,tsx}'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'integration',
          expect,
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'peers',
          expect,
          include: ['tests/peers/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Most of it waits for others: as many as a small machine has cores.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'electron',
          expect,
          include: ['tests/electron/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          expect,
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
