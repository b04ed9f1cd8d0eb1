/** Which of the console's pages this one is. */
import type { SeatPage } from '../../contract/seat-pages.ts'

export const page: SeatPage = location.pathname === '/wall.html' ? 'wall' : 'console'
