/** Of the field. */
import type { TextsOf } from '../index.ts'

export const field: TextsOf<'field'> = {
  field: {
    entry: 'Sign in by phone',
    hint: 'Whoever is with the unit scans this with a phone to sign in to its field page. It is good once; that it was shown is kept in the journal.',
    show: 'Show the code',
    another: 'Show another',
    left: 'Good for {{n}} seconds',
    over: 'The code is good no more.',
  },
}
