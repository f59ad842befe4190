import { anObject, readJson } from '../json.ts'
import type { NameRule } from '../name-rules.ts'
import { conflictMarks } from '../yaml/conflict-marks.ts'
import type { Fault } from '../yaml/places.ts'
import { readDocument, type Kind, type Places } from '../yaml/read-document.ts'
import { manifestSchema } from './manifest-schema.ts'
import { manifestFile, type Entry, type Manifest, type WrittenManifest } from './manifest.ts'
import { manifestRules as rules } from './rules.ts'

const ofEntry: Readonly<Record<string, NameRule>> = {
  architecture: rules.architecture,
  deprecation_time: rules.deprecation,
  id: rules.imageId,
  name: rules.amiName,
  public: rules.yesOrNo,
}

const entriesOf = (written: Entry | readonly Entry[]): readonly Entry[] =>
  Array.isArray(written) ? (written as readonly Entry[]) : [written as Entry]

const kindOf = (file: string): Kind<WrittenManifest> => ({
  file,
  code: 'FILE',
  schema: manifestSchema,
  // Below a use case and a region stands an entry, or a place in a list of them.
  valueRule: ([, , ...below]) => ofEntry[/^\d+$/.test(below[0] ?? '') ? (below[1] ?? '') : (below[0] ?? '')],
  nameRule: (path) => (path.length === 0 ? rules.useCase : rules.region),
  title: (path) => path.join('.'),
  apart: architecturesApart,
  remedy: 'docs/manifest.schema.json tells editors what may stand there; git has what stood there before.',
})

/** A consumer asks for one architecture, and gets one image. */
const architecturesApart = (manifest: WrittenManifest, places: Places): Fault[] =>
  Object.entries(manifest).flatMap(([useCase, regions]) =>
    Object.entries(regions).flatMap(([region, written]) => {
      const seen = new Set<string>()
      return entriesOf(written).flatMap(({ architecture }, index) => {
        const path = [useCase, region, String(index), 'architecture']
        const twice = seen.has(architecture)
        seen.add(architecture)
        return twice
          ? [{ at: places(path, 'value'), what: `${path.join('.')}: ${architecture} stands already above` }]
          : []
      })
    }),
  )

/**
 * What is published. It loads a parser and a validator: import it where there is such a file.
 * @throws RigletError FILE with every fault, each with line, column and path
 */
export async function readManifest(text: string, file = manifestFile): Promise<Manifest> {
  // The reader of YAML takes more than JSON is, which other readers of the file would not.
  const kind = kindOf(file)
  if (conflictMarks(text).length === 0) await readJson(file, text, anObject(), `Nothing was changed. ${kind.remedy}`)
  const written = readDocument<WrittenManifest>(text, kind) ?? {}
  return Object.fromEntries(
    Object.entries(written).map(([useCase, regions]) => [
      useCase,
      Object.fromEntries(Object.entries(regions).map(([region, entries]) => [region, entriesOf(entries)])),
    ]),
  )
}
