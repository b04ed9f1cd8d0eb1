/** Pictures and files that a message has brought along, as the hub has them. */
import { useEffect, useState } from 'react'
import { fetchContent } from '../contract/attachment-transfer.ts'
import type { Attachment } from '../contract/attachments.ts'
import type { Line } from './line.ts'
import { filled, type Language, texts } from './texts.ts'

interface SentPicturesProps {
  readonly attachments: readonly Attachment[] | undefined
  readonly language: Language
  /** Undefined while there is no link. */
  hub(): Line['hub'] | undefined
}

export function SentPictures({ attachments, ...how }: SentPicturesProps) {
  if (attachments === undefined) return null
  return (
    <ul className="pictures">
      {attachments.map((attachment) => (
        <li key={attachment.hash}>
          <Sent attachment={attachment} {...how} />
        </li>
      ))}
    </ul>
  )
}

/** Fetched when it is asked for: a bad network has other things to do. */
function Sent({
  attachment: { hash, name, type },
  language,
  hub,
}: Omit<SentPicturesProps, 'attachments'> & { attachment: Attachment }) {
  const t = texts[language]
  const [state, setState] = useState<'asked' | 'failed' | { readonly url: string }>()
  const url = typeof state === 'object' ? state.url : undefined
  useEffect(
    () => () => {
      if (url !== undefined) URL.revokeObjectURL(url)
    },
    [url],
  )
  const fetch = async () => {
    setState('asked')
    try {
      const line = hub()
      if (line === undefined) throw new Error('no link')
      const { content } = await fetchContent((asked) => line.attachments.get.query(asked), hash)
      setState({ url: URL.createObjectURL(new Blob([content], { type })) })
    } catch {
      setState('failed')
    }
  }
  if (url !== undefined)
    return type.startsWith('image/') ? (
      <img src={url} alt={name} />
    ) : (
      <a href={url} download={name}>
        {name}
      </a>
    )
  return (
    <>
      <button type="button" disabled={state === 'asked'} onClick={fetch}>
        {filled(t.showPicture, { name })}
      </button>
      {state === 'failed' && <span role="alert">{t.pictureMissing}</span>}
    </>
  )
}
