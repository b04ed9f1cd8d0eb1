/** Whether anybody can be reached at a number, from its presence document (RFC 3863). */

const presence = /<(?:\w+:)?presence[\s>]/
const basic = /<(?:\w+:)?basic(?:\s[^>]*)?>\s*(open|closed)\s*</g
const LONGEST = 32 * 1024

/** True if it can be by any of its means; null if the document does not say. */
export function isReachable(document: string): boolean | null {
  if (document.length > LONGEST || !presence.test(document)) return null
  const said = [...document.matchAll(basic)].map(([, word]) => word)
  return said.length === 0 ? null : said.includes('open')
}
