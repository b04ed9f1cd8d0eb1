/** Writes the demonstration site file: `node lab/make-site.ts --units 300`. */
import { parseArgs } from 'node:util'
import { Document, isMap, isSeq, visit } from 'yaml'
import { demoSite } from './city/demo-site.ts'

const { values } = parseArgs({ options: { units: { type: 'string', default: '300' } } })
const units = Number(values.units)
if (!Number.isInteger(units) || units < 1 || units > 100_000) {
  process.stderr.write(`--units wants a number from 1 to 100000, not "${values.units}"\n`)
  process.exit(2)
}
const document = new Document(demoSite(units))
document.commentBefore = ` The demonstration site: made by lab/make-site.ts, ${units} units. Its passwords are public.`
// One line an entry: what has no further entries of its own is written in the flow.
visit(document, {
  Map: (_key, node, path) => {
    if (path.length > 3 && !node.items.some(({ key }) => String(key) === 'areas')) node.flow = true
  },
  Seq: (_key, node) => {
    if (!node.items.some((item) => isMap(item) || isSeq(item))) node.flow = true
  },
})
process.stdout.write(document.toString({ lineWidth: 0 }))
