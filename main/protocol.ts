/** The console's own scheme, as Electron wants it registered. What it answers is in console-files.ts. */
import { protocol } from 'electron'
import { answerConsole, type ConsoleFiles } from './console-files.ts'
import { SCHEME } from './origin.ts'

/** Must be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ])
}

export function serveConsole(files: ConsoleFiles): void {
  protocol.handle(SCHEME, (request) => answerConsole(request, files))
}
