/** Which stream of an offer is to carry our sound. Pure. */

/** The `mid` (RFC 8843) of the first m-line in which the offerer wants to receive, undefined if there is none. */
export function uplinkOf(offer: string): string | undefined {
  const wanting = offer
    .split(/^m=/m)
    .slice(1)
    .find((media) => /^a=(?:recvonly|sendrecv)\r?$/m.test(media))
  return wanting === undefined ? undefined : /^a=mid:(\S+)\r?$/m.exec(wanting)?.[1]
}
