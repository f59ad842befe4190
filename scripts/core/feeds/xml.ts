import { SaxesParser } from 'saxes'

/** Why a text is not what it should be; whoever reads knows which text. */
export class Unreadable extends Error {}

export type XmlReader = { readonly write: (text: string) => void; readonly end: () => void }

export type Element = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** Names of the elements around it, the outermost first. */
  readonly around: readonly string[]
}

/** Metadata of repositories is flat, and its longest texts, descriptions, are some kilobytes. */
const deepest = 16
const longest = 1_048_576

/**
 * Reads XML piece by piece, and keeps none of it. What only an attack has is refused: a document type, with which entities
 * come, endless nesting, endless texts.
 * @throws Unreadable
 */
export function readXml(on: {
  readonly open?: (element: Element) => void
  readonly close?: (name: string, text: string, around: readonly string[]) => void
}): XmlReader {
  const parser = new SaxesParser()
  const path: string[] = []
  let text = ''
  let since = 0
  const refuse = (why: string): never => {
    throw new Unreadable(why)
  }
  parser.on('error', ({ message }) => refuse(`it is not XML: ${message}`))
  parser.on('doctype', () => refuse('it has a document type, which no metadata needs'))
  const more = (piece: string): void => {
    text += piece
    since = 0
    if (text.length > longest) refuse(`it has a text of more than ${longest} characters`)
  }
  parser.on('text', more)
  parser.on('cdata', more)
  parser.on('opentag', ({ name, attributes }) => {
    since = 0
    text = ''
    on.open?.({ name, attributes, around: [...path] })
    if (path.push(name) > deepest) refuse(`it is nested deeper than ${deepest} elements`)
  })
  parser.on('closetag', ({ name }) => {
    since = 0
    path.pop()
    on.close?.(name, text, path)
    text = ''
  })
  return {
    write: (piece) => {
      // What comes in one piece is short; what never comes to an end is not.
      // What has no end comes in ever more pieces without a word.
      since += piece.length
      if (since > longest + piece.length) refuse(`it has something of more than ${longest} characters`)
      parser.write(piece)
    },
    end: () => void parser.close(),
  }
}
