/** `make demo` and `make demo-down`: the one place that knows both riglet and the rehearsal. */
import { main, verb } from '../scripts/main.ts'
import { flavourOf } from './flavours.ts'
import { endDemo } from './run-demo.ts'

const name = process.env['REHEARSAL'] || 'demo'

await main('demo', {
  up: verb([], (_settings, ports) => flavourOf(process.env['FLAVOUR'])(name, ports)),
  down: verb([], (_settings, ports) => endDemo(name, ports)),
})
