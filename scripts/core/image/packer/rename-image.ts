/** A file of a new image, by its path below that image's folder. */
export type Renamed = { readonly path: string; readonly text: string }

/** Lines whose first text says what kind of block begins, or declares a name that riglet passes. */
const keywords = /^\s*(?:variable|provisioner|post-processor|data)\b/

/**
 * The Packer files of an image, by path and text, as another image has them: the variable file is called after that one, and
 * so are the tags, the source and whatever else names the image in a text or a comment. Those that stay as they are
 * are left out.
 */
export function renameImage(
  texts: ReadonlyMap<string, string>,
  from: string,
  to: string,
): ReadonlyMap<string, Renamed> {
  const named = new RegExp(
    String.raw`(?<![\w.-])${from}(?![\w.-])|(?<=amazon-ebs\.)${from}(?![\w.-])|(?<![\w.-])${from}(?=\.pkrvars\.hcl)`,
    'g',
  )
  const rename = (line: string): string =>
    keywords.test(line) ? line : line.replace(/"(?:[^"\\]|\\.)*"|\/\/.*$/g, (text) => text.replace(named, to))
  const file = `${from}.pkrvars.hcl`
  return new Map(
    [...texts].flatMap(([path, text]): [string, Renamed][] => {
      const renamed = {
        path: path === file ? `${to}.pkrvars.hcl` : path,
        text: text.split('\n').map(rename).join('\n'),
      }
      return renamed.path === path && renamed.text === text ? [] : [[path, renamed]]
    }),
  )
}
