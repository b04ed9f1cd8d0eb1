/** Starts a built app in the stand-in. See README.md. */
import { mkdirSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { app, life } from './app.ts'
import { closeBrowser } from './browser.ts'
import { setHost } from './host.ts'
import { lookForInstance } from './instance.ts'
import { endUtilityProcesses } from './utility-process.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    app: { type: 'string', default: process.cwd() },
    headless: { type: 'boolean', default: false },
    size: { type: 'string', multiple: true, default: ['1440x900'] },
    'user-data-dir': { type: 'string' },
    'remote-debugging-port': { type: 'string' },
    pick: { type: 'string', multiple: true, default: [] },
  },
  // The rest is the app's own.
  strict: false,
})
const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

const appFolder = resolve(String(values.app))
const manifest = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'))
app.name = manifest.productName ?? manifest.name
const userData = resolve(text(values['user-data-dir']) ?? join(homedir(), '.config', app.name))
mkdirSync(userData, { recursive: true })
setHost({
  appFolder,
  userData,
  instance: await lookForInstance(userData),
  headless: values.headless === true,
  displays: values.size.map((size) => {
    const [width = 1440, height = 900] = String(size).split('x').map(Number)
    return { width, height }
  }),
  debuggingPort: text(values['remote-debugging-port']),
  picks: values.pick.map(String),
})

// An app lives until it quits, though it may wait for nothing.
setInterval(() => undefined, 2 ** 30)
life.end = (code) => {
  endUtilityProcesses()
  void closeBrowser().then(() => process.exit(code))
}
// The first asks in peace; a second one of the same kind does not, as in Electron.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => app.quit())

const ours = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'))
Object.assign(process, { resourcesPath: appFolder })
Object.defineProperty(process.versions, 'electron', {
  value: ours.devDependencies.electron,
  enumerable: true,
})

const electron = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href
registerHooks({
  resolve: (name, context, next) =>
    name === 'electron' ? { url: electron, shortCircuit: true } : next(name, context),
})
await import(electron)
// Whoever asks for the module from outside waits for this: it can't be had twice while it is being loaded.
Object.assign(process, { type: 'browser' })
await import(pathToFileURL(join(appFolder, manifest.main)).href)
life.becomeReady()
