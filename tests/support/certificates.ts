/** Certificates of a test's own: an authority, and servers that it vouches for. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from './processes.ts'

interface Certificate {
  /** Files, in PEM. */
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

export interface Authority extends Certificate {
  /** A certificate for 127.0.0.1, ::1 and localhost, signed by this authority. */
  issue(name: string): Promise<Certificate>
}

const keyOptions = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']

/** Makes an authority whose files are `folder/name.*`. */
export async function makeAuthority(folder: string, name = 'ca'): Promise<Authority> {
  const ca = files(folder, name)
  await openssl([
    'req',
    '-x509',
    ...keyOptions,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    ca.keyFile,
    '-out',
    ca.certFile,
  ])
  return {
    ...read(ca),
    issue: async (server) => {
      const own = files(folder, server)
      const request = join(folder, `${server}.csr`)
      const extensions = join(folder, `${server}.ext`)
      writeFileSync(
        extensions,
        'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\n',
      )
      await openssl(['req', ...keyOptions, '-subj', `/CN=${server}`, '-keyout', own.keyFile, '-out', request])
      await openssl([
        ...['x509', '-req', '-in', request, '-CA', ca.certFile, '-CAkey', ca.keyFile, '-CAcreateserial'],
        ...['-days', '2', '-extfile', extensions, '-out', own.certFile],
      ])
      return read(own)
    },
  }
}

const files = (folder: string, name: string) => ({
  certFile: join(folder, `${name}.pem`),
  keyFile: join(folder, `${name}-key.pem`),
})

const read = (of: { certFile: string; keyFile: string }): Certificate => ({
  ...of,
  cert: readFileSync(of.certFile, 'utf8'),
  key: readFileSync(of.keyFile, 'utf8'),
})

const openssl = (args: readonly string[]) => runProgram('openssl', args)
