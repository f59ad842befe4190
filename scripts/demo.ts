import { endDemo, runDemo } from './actions/demo/run-demo.ts'
import { main, verb } from './main.ts'

await main('demo', { up: verb([], runDemo), down: verb([], endDemo) })
