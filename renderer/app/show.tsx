/** Shows the page. */
import { createRoot } from 'react-dom/client'
import { Provider } from 'react-redux'
import { App } from './app.tsx'
import { store } from './store.ts'
import './theme/tokens.css'

export function show(root: HTMLElement): void {
  createRoot(root).render(
    <Provider store={store}>
      <App />
    </Provider>,
  )
}
