/**
 * Loaded by NODE_OPTIONS before a program of Node: adds to a file the most memory that it ever held, in bytes, as it ends. Not every
 * machine has GNU time.
 */
import { appendFileSync } from 'node:fs'

const file = process.env['PEAK_MEMORY_FILE']
if (file) process.on('exit', () => appendFileSync(file, `${process.resourceUsage().maxRSS * 1024}\n`))
