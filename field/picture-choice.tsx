/** Takes pictures, or picks some, for what is said next. */
import { useEffect, useId, useState } from 'react'
import { type Attachment, MOST_ATTACHMENTS } from '../contract/attachments.ts'
import { keepPicture, keptPicture } from './pictures.ts'
import { filled, type Language, texts } from './texts.ts'

interface PictureChoiceProps {
  readonly pictures: readonly Attachment[]
  readonly language: Language
  onChange(pictures: readonly Attachment[]): void
}

export function PictureChoice({ pictures, language, onChange }: PictureChoiceProps) {
  const t = texts[language]
  const id = useId()
  const [failed, setFailed] = useState(false)
  const take = async (files: readonly File[]) => {
    setFailed(false)
    try {
      const kept: Attachment[] = []
      for (const file of files.slice(0, MOST_ATTACHMENTS - pictures.length))
        kept.push(await keepPicture(file, new Date()))
      onChange([...pictures, ...kept])
    } catch {
      setFailed(true)
    }
  }
  return (
    <div className="pictures">
      <label htmlFor={id}>
        {t.addPicture}
        <input
          id={id}
          type="file"
          accept="image/*"
          multiple
          disabled={pictures.length >= MOST_ATTACHMENTS}
          onChange={({ target }) => {
            void take([...(target.files ?? [])])
            target.value = ''
          }}
        />
      </label>
      {failed && <p role="alert">{t.pictureFailed}</p>}
      {pictures.length > 0 && (
        <ul>
          {pictures.map((picture) => (
            <li key={picture.hash} data-picture={picture.name}>
              <Kept picture={picture} />
              <button
                type="button"
                aria-label={filled(t.removePicture, { name: picture.name })}
                onClick={() => onChange(pictures.filter((each) => each !== picture))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Kept({ picture: { hash, name } }: { picture: Attachment }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    let made: string | undefined
    let gone = false
    void keptPicture(hash)
      .catch(() => undefined)
      .then((content) => {
        if (gone || content === undefined) return
        made = URL.createObjectURL(new Blob([Uint8Array.from(content)], { type: 'image/jpeg' }))
        setUrl(made)
      })
    return () => {
      gone = true
      if (made !== undefined) URL.revokeObjectURL(made)
    }
  }, [hash])
  return url === undefined ? <span>{name}</span> : <img src={url} alt={name} />
}
