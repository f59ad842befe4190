import { LineCounter, parseDocument } from 'yaml'

export type TemplateFault = { readonly line: number; readonly column: number; readonly what: string }

/** Faults of form, with their places: CloudFormation's own words name no line. `!Sub` and its like are its own tags. */
export function templateFaults(text: string): TemplateFault[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', uniqueKeys: true })
  const faults = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    return { line, column: col, what: error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '') }
  })
  if (faults.length > 0) return faults
  const content: unknown = document.toJS()
  if (typeof content !== 'object' || content === null || !('Resources' in content))
    return [{ line: 1, column: 1, what: 'a template needs Resources' }]
  return []
}
