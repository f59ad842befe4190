// In a build: settles the source as bake does, and prints the hash of the image's inputs.
import { readInputs } from '../../../scripts/actions/image/read-inputs.ts'
import { settleSource } from '../../../scripts/actions/image/settle-source.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { makeFiles } from '../../../scripts/io/files.ts'

const facts = { baseImageId: 'ami-0', version: '1', architecture: 'x86_64', encrypted: true }
const here = makeFiles(process.cwd())
const files = await settleSource('', { files: here, filesIn: makeFiles })
const ports = { files, packer: { given: {} } } as unknown as Ports
process.stdout.write((await readInputs('web', ['web'], ports)).hashOf(facts))
