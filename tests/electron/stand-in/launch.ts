/** Starts the built console in the stand-in. See README.md. */
import { mkdirSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { app } from './app.ts'
import { connectCdp } from './cdp.ts'
import { type Chromium, startChromium } from './chromium.ts'
import { setHost } from './host.ts'

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    app: { type: 'string', default: process.cwd() },
    headless: { type: 'boolean', default: false },
    size: { type: 'string', default: '1440x900' },
    'user-data-dir': { type: 'string' },
    'remote-debugging-port': { type: 'string', default: '0' },
  },
  strict: false,
})
const appFolder = resolve(String(values.app))
const manifest = JSON.parse(readFileSync(join(appFolder, 'package.json'), 'utf8'))
const userData = resolve(String(values['user-data-dir'] ?? join(homedir(), '.config', manifest.productName)))
const [width = 1440, height = 900] = String(values.size).split('x').map(Number)
const size = { width, height }
const headless = values.headless === true

mkdirSync(userData, { recursive: true })
let chromium: Chromium | undefined
const browser = startChromium({
  profile: join(userData, 'Chromium'),
  headless,
  size,
  debuggingPort: Number(values['remote-debugging-port']),
  extra: headless
    ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--mute-audio']
    : [],
}).then((started) => {
  chromium = started
  // As Chromium and Electron say it, so that tools which wait for it find it.
  process.stderr.write(`DevTools listening on ${started.devTools}\n`)
  return connectCdp(started.devTools)
})

const ended = (code: number) => {
  process.exitCode = code
  chromium?.process.removeAllListeners('exit')
  chromium?.process.kill('SIGKILL')
  process.exit(code)
}
browser.then(
  (cdp) => cdp.on('closed', () => app.exit(0)),
  (error) => {
    process.stderr.write(`${error.message}\n`)
    ended(1)
  },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())
process.on('exit', () => chromium?.process.kill('SIGKILL'))

setHost({ appFolder, userData, headless, size, browser, answers: [], ended })
app.name = manifest.productName
Object.assign(process, { type: 'browser', resourcesPath: appFolder })
Object.defineProperty(process.versions, 'electron', {
  value: manifest.devDependencies.electron,
  enumerable: true,
})

const standIn = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href
registerHooks({
  resolve: (name, context, next) =>
    name === 'electron' ? { url: standIn, shortCircuit: true } : next(name, context),
})
await import(pathToFileURL(join(appFolder, manifest.main)).href)
