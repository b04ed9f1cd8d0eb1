/** The page of the video wall's own window. */

import { joinPages } from './app/between-pages.ts'
import { followDuty } from './app/follow.ts'
import { show } from './app/show.tsx'
import { WallApp } from './app/wall-app.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
followDuty()
joinPages()
show(root, WallApp)
