/** Shows the page. */
import type { ComponentType } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'react-redux'
import { store } from './store.ts'
import './theme/tokens.css'

export function show(root: HTMLElement, Page: ComponentType): void {
  createRoot(root).render(
    <Provider store={store}>
      <Page />
    </Provider>,
  )
}
