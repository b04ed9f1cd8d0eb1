import { temporaryFolder } from '../../tests/support/folder.ts'
import { describeIncidentHistory } from '../../tests/support/incident-history-suite.ts'
import { openHubStore } from '../store/open.ts'

describeIncidentHistory((atEnd) => openHubStore({ kind: 'sqlite', folder: temporaryFolder(atEnd) }))
