import { imageExists, noImageName, noSuchImage } from '../../core/image/errors.ts'
import { renameImage } from '../../core/image/packer/rename-image.ts'
import { manifestRules } from '../../core/manifest/rules.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Settings } from '../../core/settings/settings.ts'
import { imagesIn } from '../image/read-inputs.ts'

/** The image that new ones are made of: all that an app needs is in it. */
const usual = 'web'

/**
 * `make new-image`: the files of a new image, made of another one (G06). Nothing else needs an edit: an image is its folder.
 * @throws RigletError SETTINGS | IMAGE
 */
export async function newImage(settings: Settings<'IMAGE'>, ports: Pick<Ports, 'files' | 'terminal'>): Promise<void> {
  const { IMAGE: name, FROM: from = usual } = settings
  const { files, terminal } = ports
  if (!manifestRules.image.pattern.test(name)) throw noImageName(name, manifestRules.image.words)
  const images = await imagesIn(files)
  if (!images.includes(from)) throw noSuchImage(from, images)
  const [source, folder] = [`packer/${from}`, `packer/${name}`]
  if (await files.exists(folder)) throw imageExists(folder)

  const paths = await files.list(source)
  const texts = paths
    .filter((path) => /^[^/]+\.hcl$/.test(path))
    .map(async (path): Promise<[string, string]> => [path, await files.read(`${source}/${path}`)])
  await files.copyFolder(source, folder, renameImage(new Map(await Promise.all(texts)), from, name))

  terminal.show(folder)
  terminal.say(
    [
      `Made of ${source}. What makes it another image:`,
      `  ${name}.pkrvars.hcl  version, architecture, instance type, volume`,
      '  provision/  what is installed, a job a file; image.pkr.hcl has their order',
      '  checks/goss.yaml  what must hold on a machine made from it',
      `Then: make bake IMAGE=${name}`,
    ].join('\n'),
  )
}
