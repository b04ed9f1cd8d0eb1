/** The `electron` module of the stand-in, for modules and for packages that take it whole. */
import * as electron from './main-modules.ts'

export * from './main-modules.ts'
export default electron
