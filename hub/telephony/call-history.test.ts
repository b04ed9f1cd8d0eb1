import { describeCallHistory } from '../../tests/support/call-history-suite.ts'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { openHubStore } from '../store/open.ts'

describeCallHistory((atEnd) => openHubStore({ kind: 'sqlite', folder: temporaryFolder(atEnd) }))
