import { describeAttachments } from '../../tests/support/attachments-suite.ts'
import { temporaryFolder } from '../../tests/support/folder.ts'
import { openHubStore } from '../store/open.ts'

describeAttachments((atEnd) => openHubStore({ kind: 'sqlite', folder: temporaryFolder(atEnd) }))
