import { temporaryFolder } from '../../tests/support/folder.ts'
import { describeJournal } from '../../tests/support/journal-suite.ts'
import { openHubStore } from '../store/open.ts'

describeJournal(async (atEnd) => {
  const folder = temporaryFolder(atEnd)
  return { open: () => openHubStore({ kind: 'sqlite', folder }) }
})
