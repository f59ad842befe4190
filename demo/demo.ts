/** `make demo` and `make demo-down`: the one place that knows both riglet and the rehearsal. */
import { main, verb } from '../scripts/main.ts'
import { endDemo, runDemo } from './run-demo.ts'
import { makeTraffic } from './traffic.ts'

const name = process.env['REHEARSAL'] || 'demo'

await main('demo', {
  up: verb([], (_settings, ports) => runDemo(name, ports, makeTraffic())),
  down: verb([], (_settings, ports) => endDemo(name, ports)),
})
