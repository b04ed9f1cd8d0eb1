/** The console's page: signed out or signed in. */
import { SignIn } from '../features/session/sign-in.tsx'
import { Console } from './console.tsx'
import { Frame } from './frame.tsx'

export function App() {
  return (
    <Frame>
      {(session) =>
        session.kind === 'signed-in' ? (
          <Console account={session.account} key={session.account.id} />
        ) : (
          <SignIn because={session.because} />
        )
      }
    </Frame>
  )
}
