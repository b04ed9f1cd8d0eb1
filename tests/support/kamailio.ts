/** A Kamailio of a test's own: registrar and proxy with digest, over UDP, TCP, TLS and WebSocket. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { ExchangeServer } from '../../contract/telephony.ts'
import { bracketed } from '../../main/engine/telephony/sip/wire.ts'
import type { AtEnd } from './at-end.ts'
import { type Authority, makeAuthority } from './certificates.ts'
import { temporaryFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { type Program, startProgram } from './processes.ts'
import { until } from './until.ts'

export interface Kamailio {
  readonly domain: string
  /** Who vouches for its certificate. */
  readonly authority: Authority
  readonly server: (transport: ExchangeServer['transport']) => ExchangeServer & { readonly port: number }
  readonly said: () => string
  /** The Contacts under which a user is registered. */
  bindings(user: string): Promise<string[]>
  kill(): Promise<void>
  /** On the same ports; nobody is registered any more. */
  start(): Promise<void>
}

export interface KamailioOptions {
  /** Passwords by user. */
  readonly users: Readonly<Record<string, string>>
  readonly algorithm?: 'MD5' | 'SHA-256'
  /** Another address of this machine than 127.0.0.1; of IPv6 without brackets. */
  readonly host?: string
  /** It tells of numbers: their dialogues, and whether they are registered. */
  readonly tells?: boolean
}

const DOMAIN = 'pbx.test'
/** Where Debian has its empty tables. */
const TABLES = '/usr/share/kamailio/dbtext/kamailio'

export async function startKamailio(atEnd: AtEnd, options: KamailioOptions): Promise<Kamailio> {
  const folder = temporaryFolder(atEnd)
  const authority = await makeAuthority(folder)
  const certificate = await authority.issue('kamailio')
  // UDP and TCP share a port, so that a route that names no transport finds it.
  const ports = { udp: await freePort(), tls: await freePort(), ws: await freePort() }
  const file = join(folder, 'kamailio.cfg')
  writeFileSync(
    join(folder, 'tls.cfg'),
    [
      '[server:default]',
      'method = TLSv1.2+',
      'verify_certificate = no',
      'require_certificate = no',
      `private_key = ${certificate.keyFile}`,
      `certificate = ${certificate.certFile}`,
      '',
    ].join('\n'),
  )
  writeFileSync(file, configuration(folder, ports, options))
  const tables = join(folder, 'tables')
  let program: Program | undefined
  let kill = async () => {}
  const start = async () => {
    // Made anew each time: what it leaves there it can't read again itself.
    rmSync(tables, { recursive: true, force: true })
    mkdirSync(tables)
    for (const table of ['version', 'presentity', 'active_watchers', 'watchers', 'pua', 'xcap'])
      if (options.tells === true) copyFileSync(join(TABLES, table), join(tables, table))
    const args = ['-DD', '-E', '-f', file, '-P', join(folder, 'pid'), '-Y', folder, '-m', '64', '-M', '8']
    // In a group of its own: asked to end it takes up to a minute, and killed alone it leaves its children.
    const run = startProgram(atEnd, 'kamailio', args, { detached: true })
    kill = async () => {
      const { pid, exitCode, signalCode } = run.process
      if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL')
      await run.ended
    }
    program = run
    atEnd(kill)
    const check = async () => {
      if (run.process.exitCode !== null) throw new Error(`kamailio ended: ${run.said()}`)
      await reach(ports.tls, options.host)
    }
    await until(check, { timeout: 20_000, interval: 50 })
  }
  await start()
  return {
    domain: DOMAIN,
    authority,
    server: (transport) => ({
      transport,
      host: options.host ?? '127.0.0.1',
      port: { udp: ports.udp, tcp: ports.udp, tls: ports.tls, ws: ports.ws, wss: ports.tls }[transport],
    }),
    said: () => program?.said() ?? '',
    bindings: async (user) => {
      const reply = await fetch(`http://${bracketed(options.host ?? '127.0.0.1')}:${ports.ws}/rpc`, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ul.lookup', params: ['location', user] }),
      })
      const told: { result?: { Contacts: { Contact: { Address: string } }[] } } = await reply.json()
      return told.result?.Contacts.map(({ Contact }) => Contact.Address) ?? []
    },
    kill: () => kill(),
    start,
  }
}

function reach(port: number, host = '127.0.0.1'): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
}

const modules = [
  ...[
    'tls',
    'kex',
    'corex',
    'tm',
    'tmx',
    'sl',
    'rr',
    'pv',
    'maxfwd',
    'textops',
    'siputils',
    'xlog',
    'sanity',
    'jsonrpcs',
  ],
  ...['path', 'stun', 'outbound', 'usrloc', 'registrar', 'htable', 'auth', 'nathelper', 'xhttp', 'websocket'],
]

const tellingModules = [
  ...['db_text', 'dialog', 'presence', 'presence_xml', 'presence_dialoginfo'],
  ...['pua', 'pua_dialoginfo', 'pua_usrloc'],
]

/** What a number is doing is published by Kamailio itself, to itself. */
const tellingSettings = (folder: string, port: number) => `
modparam("presence|presence_xml|pua", "db_url", "text://${folder}/tables")
modparam("presence", "server_address", "sip:127.0.0.1:${port}")
modparam("presence", "subs_db_mode", 0)
modparam("presence", "publ_cache", 2)
modparam("presence", "send_fast_notify", 1)
modparam("presence_xml", "force_active", 1)
modparam("pua", "db_mode", 0)
modparam("pua", "outbound_proxy", "sip:127.0.0.1:${port}")
modparam("pua_dialoginfo", "include_callid", 1)
modparam("pua_dialoginfo", "include_tags", 1)
modparam("pua_dialoginfo", "caller_confirmed", 1)
modparam("pua_usrloc", "default_domain", "${DOMAIN}")
`

const configuration = (
  folder: string,
  ports: { readonly udp: number; readonly tls: number; readonly ws: number },
  { users, algorithm = 'MD5', tells = false, host = '127.0.0.1' }: KamailioOptions,
) => `#!KAMAILIO
debug=1
log_stderror=yes
children=2
tcp_children=2
enable_tls=yes
auto_aliases=no
alias="${DOMAIN}"
# Not 127.0.0.1 itself: phones at that address would be taken for the proxy.
listen=udp:${bracketed(host)}:${ports.udp}
listen=tcp:${bracketed(host)}:${ports.udp}
listen=tls:${bracketed(host)}:${ports.tls}
listen=tcp:${bracketed(host)}:${ports.ws}
tcp_connection_lifetime=3605
tcp_accept_no_cl=yes
dns=no
rev_dns=no
disable_core_dump=yes
${[...modules, ...(tells ? tellingModules : [])].map((name) => `loadmodule "${name}.so"`).join('\n')}
modparam("jsonrpcs", "transport", 1)
modparam("tls", "config", "${folder}/tls.cfg")
modparam("htable", "htable", "users=>size=4;autoexpire=0")
modparam("usrloc", "db_mode", 0)
modparam("usrloc", "handle_lost_tcp", 1)
modparam("registrar", "use_path", 1)
modparam("registrar", "gruu_enabled", 1)
modparam("registrar", "outbound_mode", 1)
modparam("registrar", "flow_timer", 20)
modparam("registrar", "received_avp", "$avp(RECEIVED)")
modparam("registrar", "min_expires", 5)
modparam("nathelper", "received_avp", "$avp(RECEIVED)")
modparam("auth", "algorithm", "${algorithm}")
modparam("rr", "append_fromtag", 1)
${tells ? tellingSettings(folder, ports.udp) : ''}
event_route[htable:mod-init] {
${Object.entries(users)
  .map(([user, password]) => `  $sht(users=>${user}) = "${password}";`)
  .join('\n')}
}
event_route[xhttp:request] {
  if ($hu == "/rpc") { jsonrpc_dispatch(); exit; }
  if ($hdr(Upgrade) =~ "websocket") { if (ws_handle_handshake()) exit; }
  xhttp_reply("404", "Not Found", "", "");
}
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (!sanity_check("17895", "7")) { xlog("L_ERR", "not sane: $mb\\n"); exit; }
  force_rport();
  if ($proto != "udp") {
    if (is_method("REGISTER")) fix_nated_register();
    else if (is_first_hop()) add_contact_alias();
  }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (!is_method("ACK")) { if (t_precheck_trans()) { t_check_trans(); exit; } t_check_trans(); }
  if (has_totag()) {
    if (loose_route()) {
      # An address that leads to one phone wherever it is now (RFC 5627, 5.1).
      if (is_gruu() && !lookup("location")) { sl_send_reply("480", "Not there any more"); exit; }
      if ($du == "") handle_ruri_alias();
      t_on_reply("ALIAS");
      if (!t_relay()) sl_reply_error();
      exit;
    }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    ${tells ? 'if (is_method("SUBSCRIBE") && uri == myself) { route(TELLING); exit; }' : ''}
    sl_send_reply("404", "Not here");
    exit;
  }
  if (is_method("OPTIONS") && uri == myself && $rU == $null) { sl_send_reply("200", "Here"); exit; }
  remove_hf("Route");
  ${tells ? `if (is_method("PUBLISH") && $si == "127.0.0.1" && $sp == ${ports.udp}) { route(TELLING); exit; }` : ''}
  if (is_method("REGISTER") || from_uri == myself) {
    if ($au == $null || $sht(users=>$au) == $null || !pv_auth_check("${DOMAIN}", "$sht(users=>$au)", "0", "1")) {
      auth_challenge("${DOMAIN}", "1");
      exit;
    }
    if (!is_method("REGISTER")) consume_credentials();
  }
  if (is_method("REGISTER")) {
    ${tells ? 'pua_set_publish();' : ''}
    if (!save("location")) sl_reply_error();
    exit;
  }
  ${tells ? 'if (is_method("SUBSCRIBE")) { route(TELLING); exit; }' : ''}
  record_route();
  ${tells ? 'if (is_method("INVITE")) dlg_manage();' : ''}
  if (!lookup("location")) { send_reply("404", "Not Found"); exit; }
  handle_ruri_alias();
  t_on_reply("ALIAS");
  if (!t_relay()) sl_reply_error();
}
${
  tells
    ? `route[TELLING] {
  if (!t_newtran()) { sl_reply_error(); exit; }
  if (is_method("PUBLISH")) handle_publish();
  else handle_subscribe();
  t_release();
}`
    : ''
}
onreply_route[ALIAS] {
  if ($proto != "udp") add_contact_alias();
}
`
