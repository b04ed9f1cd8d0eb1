import { temporaryFolder } from '../../tests/support/folder.ts'
import { describeTransmissionLog } from '../../tests/support/transmission-log-suite.ts'
import { openHubStore } from '../store/open.ts'

describeTransmissionLog((atEnd) => openHubStore({ kind: 'sqlite', folder: temporaryFolder(atEnd) }))
