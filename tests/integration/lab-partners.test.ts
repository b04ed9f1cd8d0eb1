import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { MediaKind } from '../../contract/peers.ts'
import { siteDocumentSchema } from '../../contract/site.ts'
import { PARTNERS } from '../../lab/city/demo-site.ts'
import { openPartners } from '../../lab/partners/partners.ts'
import { endings } from '../support/at-end.ts'
import { startVideoHub } from '../support/video-hub.ts'
import { openVideoBrowser } from '../support/video-page.ts'
import { openVideoSeat, sceneIn } from '../support/video-seat.ts'
import { expectPicture, expectSound } from '../support/video-seen.ts'

const resources = fileURLToPath(new URL('../../resources', import.meta.url))
const invited = PARTNERS.map(({ id }) => id)

describe('the partners of the demonstration city', () => {
  const { atEnd, run } = endings()
  afterAll(run)

  it('answer when they are invited to a room, are seen and heard there, and leave with it', async () => {
    const site: object = parse(readFileSync(`${resources}/demo-site.yaml`, 'utf8'))
    const hub = await startVideoHub(atEnd, { site })
    const officer = await openVideoSeat(atEnd, hub, 'duty-1', 'watchfloor-demo')
    const status = officer.watchStatus()
    await expect.poll(() => status.at(-1)?.video.state).toBe('up')
    atEnd(await openPartners(siteDocumentSchema.parse(site), hub.url, resources))

    const { room } = await officer.client.rooms.request.mutate({
      kind: 'open',
      name: '演练会商',
      scope: { kind: 'centre' },
      invite: invited,
    })
    const at = await officer.attend(room)
    const members = () => sceneIn(at.tellings)?.members ?? []
    const trackOf = (account: string, kind: MediaKind) =>
      members()
        .find((member) => member.account === account)
        ?.tracks.find((track) => track.kind === kind)?.producer
    const page = await (await openVideoBrowser(atEnd)).open(officer)
    for (const account of invited) {
      await expect.poll(() => trackOf(account, 'video')).toBeDefined()
      await expect.poll(() => trackOf(account, 'audio')).toBeDefined()
      const [picture, sound] = [trackOf(account, 'video') ?? '', trackOf(account, 'audio') ?? '']
      await page.receive(at.welcome, picture)
      await expectPicture(page, at, picture)
      await page.receive(at.welcome, sound)
      await expectSound(page, at, sound)
    }

    await officer.client.rooms.request.mutate({ kind: 'end', room })
    await expect.poll(() => officer.rooms()).toEqual([])
    const { room: next } = await officer.client.rooms.request.mutate({
      kind: 'open',
      name: '第二次',
      scope: { kind: 'centre' },
      invite: invited.slice(0, 1),
    })
    const again = await officer.attend(next)
    await expect
      .poll(() => sceneIn(again.tellings)?.members.filter(({ state }) => state === 'in').length)
      .toBe(2)
  })
})
