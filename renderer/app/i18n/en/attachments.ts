/** Of pictures and files. */
import type { TextsOf } from '../index.ts'

export const attachments: TextsOf<'attachments'> = {
  attachments: {
    add: 'Attach',
    addHint: 'Adds pictures or files (drop or paste them, too): JPEG, PNG, WebP, PDF, text, up to 8 MB each',
    tooMany: 'A message brings at most {{n}} files along; the others were not added.',
    outgoing: 'Files that the message brings along',
    sending: 'Sending {{name}}',
    remove: 'Leave out {{name}}',
    again: 'Try again',
    failed: '{{name}}: {{why}}',
    coming: 'Fetching {{name}}…',
    enlarge: 'Enlarge {{name}}',
    save: 'Save {{name}} ({{size}})',
    unsendable: {
      'too-large': 'It is larger than 8 MB and can’t be sent.',
      'other-type': 'Only JPEG, PNG and WebP pictures, PDF and plain text can be sent.',
      empty: 'The file is empty.',
    },
  },
}
