/** Messages. */
import type { TextsOf } from '../index.ts'

export const threads: TextsOf<'threads'> = {
  threads: {
    none: 'No messages yet. Begin at a unit’s card or at an incident.',
    empty: 'No messages yet.',
    back: 'All threads',
    unread: '{{n}} unread',
    unreadTab: 'Messages ({{n}})',
    messageMany: 'Message all ({{n}})',
    broadcast: 'Message to many',
    willReach: 'Goes to {{n}}',
    without: '; {{n}} have no field account',
    broadcastRead: '{{n}} of {{of}} have read it',
    broadcastStates: {
      waiting: 'waits to be sent',
      refused: 'could not be sent',
      sent: 'sent',
      delivered: 'delivered',
      read: 'read',
    },
    sendAgain: 'Send again to the {{n}} who have not read it',
    dismiss: 'Dismiss',
    message: 'Message',
    said: 'What was said',
    write: 'Write a message',
    send: 'Send',
    place: 'Add place',
    placeHint: 'Adds the place under the pointer, or the middle of the map',
    sent: 'Sent',
    delivered: '{{n}} got it',
    read: '{{n}} have read it',
    phrase: 'Phrases',
    phrases: {
      received: 'Received',
      where: 'Where are you?',
      report: 'Report',
      hold: 'Hold there',
      support: 'Support is coming',
      return: 'Done, come back',
    },
  },
}
