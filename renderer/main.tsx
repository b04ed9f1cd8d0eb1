import { createRoot } from 'react-dom/client'
import { Provider } from 'react-redux'
import { App } from './app/app.tsx'
import { followEngine } from './app/follow.ts'
import { store } from './app/store.ts'
import './app/theme/tokens.css'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
followEngine()
createRoot(root).render(
  <Provider store={store}>
    <App />
  </Provider>,
)
