import { unusableValues, variablesUnread } from '../../core/image/errors.ts'
import { imageFolder, type ImageOrder } from '../../core/image/order.ts'
import { reasonsOf } from '../../core/image/packer/packer-reasons.ts'
import {
  answered,
  placesFile,
  placesOf,
  questionFor,
  variableFaults,
  variableNames,
  type ImageVariables,
  type VariableName,
  type Values,
} from '../../core/image/packer/variables.ts'
import type { Ports } from '../../core/ports/ports.ts'

type Located = Pick<ImageOrder, 'image' | 'source'>

export const variablesFile = (located: Located): string => `${imageFolder(located)}/${located.image}.pkrvars.hcl`

/**
 * The image's variables as Packer reads them when it bakes: defaults, `*.auto.pkrvars.hcl` and all. `room` is what the
 * name of an image to be made has left for the version.
 * @throws RigletError FILE that names every fault with its file and line
 */
export async function readVariables(
  located: Located,
  ports: Pick<Ports, 'packer'>,
  room?: number,
): Promise<ImageVariables> {
  const [folder, file] = [imageFolder(located), variablesFile(located)]
  const ask = async (...names: VariableName[]): Promise<Values | undefined> => {
    const { code, lines } = await ports.packer.ask('console', folder, { varFile: file, input: questionFor(names) })
    if (code !== 0) throw variablesUnread(folder, code, reasonsOf(lines))
    return answered(lines)
  }
  const [together, { lines }] = await Promise.all([
    ask(...variableNames),
    ports.packer.ask('validate', placesFile, { varFile: file }),
  ])
  // One value that nobody sets makes the whole answer unknown.
  const values = together ?? Object.assign({}, ...(await Promise.all(variableNames.map((name) => ask(name)))))
  const faults = variableFaults(values, placesOf(lines), file, room)
  if (faults.length > 0) throw unusableValues(faults)
  const { version, architecture, instance_type: instanceType } = values as Readonly<Record<VariableName, string>>
  return { version, architecture, instanceType }
}
