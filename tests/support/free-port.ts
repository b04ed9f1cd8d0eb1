/** A port nobody listens on just now, for programs that can't be told to choose one. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that systems give to whoever asks for any, which may be taken before the program gets there. */
const LOWEST = 20_000
const HIGHEST = 32_000
const TRIES = 50
/** What a program has been told and may not have taken yet. */
const given = new Set<number>()

/** The first of so many in a row that are free for TCP and for UDP, on 127.0.0.1. */
export async function freePort(many = 1): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const first = randomInt(LOWEST, HIGHEST)
    const ports = Array.from({ length: many }, (_, n) => first + n)
    if (ports.some((port) => given.has(port))) continue
    for (const port of ports) given.add(port)
    if (await areFree(ports)) return first
  }
  throw new Error(`no port between ${LOWEST} and ${HIGHEST} is free`)
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) if (!(await isFreeForTcp(port)) || !(await isFreeForUdp(port))) return false
  return true
}

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  try {
    const bound = once(socket, 'listening')
    socket.bind(port, '127.0.0.1')
    await bound
    return true
  } catch {
    return false
  } finally {
    socket.close()
  }
}
