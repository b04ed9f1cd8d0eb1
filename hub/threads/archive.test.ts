import { temporaryFolder } from '../../tests/support/folder.ts'
import { describeMessageArchive } from '../../tests/support/message-archive-suite.ts'
import { openHubStore } from '../store/open.ts'

describeMessageArchive((atEnd) => openHubStore({ kind: 'sqlite', folder: temporaryFolder(atEnd) }))
