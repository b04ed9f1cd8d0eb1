/** What the officer at this seat may do about incidents. The hub judges it anew. */
import { useMemo } from 'react'
import type { Account } from '../../../contract/accounts.ts'
import { incidentTarget, mayTakeStep, mayWorkOn } from '../../../contract/incident-rules.ts'
import type { Incident } from '../../../contract/incidents.ts'
import { may } from '../../../contract/permissions.ts'
import type { Task, TaskStep } from '../../../contract/tasks.ts'
import { currentGrants } from '../../../contract/visibility.ts'
import { useApp } from '../../app/store.ts'

export interface Rights {
  readonly account: Account | undefined
  workOn(incident: Incident): boolean
  takeStep(task: Task, step: TaskStep): boolean
  takeOut(incident: Incident): boolean
  /** Somewhere at least. */
  readonly open: boolean
}

export function useRights(): Rights {
  const state = useApp(({ shared }) => shared.state)
  const account = useApp(({ session: { session } }) =>
    session?.kind === 'signed-in' ? session.account : undefined,
  )
  return useMemo(() => {
    const grants = account === undefined ? [] : currentGrants(state, account.id)
    return {
      account,
      workOn: (incident) => mayWorkOn(state, grants, incident, Date.now()),
      takeStep: (task, step) =>
        account !== undefined && mayTakeStep(state, account, grants, task, step, Date.now()),
      takeOut: (incident) => may(grants, 'export', incidentTarget(state, incident), Date.now()),
      open: grants.some(
        ({ capabilities, scope }) =>
          capabilities.includes('task') &&
          (scope.kind === 'agency' ? scope.agency === account?.agency : scope.kind !== 'incident'),
      ),
    }
  }, [state, account])
}
