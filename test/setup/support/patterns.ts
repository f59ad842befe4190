import { relative } from 'node:path'
import ts from 'typescript'

/** Calls that give a file's or an object's text. */
const readers = /^(?:read|readIfThere|readFile|readFileSync|getText)$/
/** What takes a text apart by its looks. */
const onText = /^(?:match|matchAll|replace|replaceAll|search|split|indexOf|lastIndexOf)$/
/** Strings and lists, taken from a text or made of texts, are texts still. */
const keeping =
  /^(?:all|at|concat|filter|find|findLast|flat|flatMap|join|map|normalize|padEnd|replace|replaceAll|slice|sort|split|substring|then|toString|trim|trimEnd|trimStart|values)$/

export type Use = { readonly file: string; readonly line: number; readonly code: string }

/** A program of our own files: of what they import from elsewhere nothing needs to be known, and most of it is large. */
export function programOf(files: readonly string[], options: ts.CompilerOptions = {}): ts.Program {
  const host = ts.createCompilerHost({ ...settings, ...options })
  host.resolveModuleNameLiterals = (names, from, _, all) =>
    names.map(({ text }) =>
      text.startsWith('.') ? ts.resolveModuleName(text, from, all, host) : { resolvedModule: undefined },
    )
  return ts.createProgram(files, { ...settings, ...options }, host)
}

const settings: ts.CompilerOptions = {
  noEmit: true,
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
  strict: true,
  lib: ['lib.esnext.d.ts'],
  types: [],
}

/**
 * Where a program takes the text of a file apart with patterns instead of parsing it. It follows a text from whoever read
 * it through variables, members, arguments and results, from file to file. `ignored`: names of files of other formats.
 */
export function patternsOnText(program: ts.Program, root: string, ignored: RegExp): Use[] {
  const checker = program.getTypeChecker()
  const files = program.getSourceFiles().filter(({ fileName }) => !fileName.includes('node_modules'))
  const texts = new Set<ts.Node>()
  const giving = new Set<ts.Node>()

  const symbolAt = (node: ts.Node): ts.Symbol | undefined => {
    const symbol = checker.getSymbolAtLocation(node)
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }
  const add = (symbol: ts.Symbol | undefined): void => symbol?.declarations?.forEach((node) => texts.add(node))
  const has = (symbol: ts.Symbol | undefined): boolean => symbol?.declarations?.some((node) => texts.has(node)) ?? false
  const declarationOf = (call: ts.CallExpression): ts.Node | undefined =>
    checker.getResolvedSignature(call)?.declaration

  const isText = (node: ts.Node | undefined): boolean => {
    if (node === undefined) return false
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return has(symbolAt(node))
    if (ts.isElementAccessExpression(node)) return isText(node.expression)
    if (ts.isCallExpression(node)) return givesText(node)
    if (ts.isConditionalExpression(node)) return isText(node.whenTrue) || isText(node.whenFalse)
    if (ts.isBinaryExpression(node)) return isText(node.left) || isText(node.right)
    if (ts.isTemplateExpression(node)) return node.templateSpans.some(({ expression }) => isText(expression))
    if (ts.isArrayLiteralExpression(node)) return node.elements.some(isText)
    if (ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node) || ts.isSpreadElement(node))
      return isText(node.expression)
    if (ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
      return isText(node.expression)
    return false
  }

  const givesText = (call: ts.CallExpression): boolean => {
    const callee = call.expression
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText()
    const [first] = call.arguments
    if (readers.test(name)) return !(first && ts.isStringLiteralLike(first) && ignored.test(first.text))
    const declaration = declarationOf(call)
    if (declaration !== undefined && giving.has(declaration)) return true
    if (!ts.isPropertyAccessExpression(callee) || !keeping.test(name)) return false
    return isText(callee.expression) || (callee.expression.getText() === 'Promise' && call.arguments.some(isText))
  }

  /** Names bound to a value; of a list only those in the places of texts. */
  const bind = (name: ts.BindingName, value: ts.Node): void => {
    if (ts.isIdentifier(name)) return isText(value) ? add(symbolAt(name)) : undefined
    const list = ts.isArrayBindingPattern(name) ? elementsOf(value) : undefined
    name.elements.forEach((element, index) => {
      if (ts.isOmittedExpression(element) || !ts.isIdentifier(element.name)) return
      if (ts.isArrayBindingPattern(name) && (list === undefined ? isText(value) : isText(list[index])))
        add(symbolAt(element.name))
    })
  }
  const elementsOf = (value: ts.Node): readonly ts.Node[] | undefined => {
    if (ts.isAwaitExpression(value)) return elementsOf(value.expression)
    if (ts.isCallExpression(value) && value.expression.getText() === 'Promise.all')
      return elementsOf(value.arguments[0]!)
    return ts.isArrayLiteralExpression(value) ? value.elements : undefined
  }

  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer) bind(node.name, node.initializer)
    if (ts.isForOfStatement(node) && ts.isVariableDeclarationList(node.initializer))
      bind(node.initializer.declarations[0]!.name, node.expression)
    if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const key = (node.propertyName ?? node.name).getText()
      const member = checker.getTypeAtLocation(node.parent).getProperty(key)
      if (has(member)) add(symbolAt(node.name))
    }
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && isText(node.right))
      add(symbolAt(node.left))
    if (ts.isPropertyAssignment(node) && isText(node.initializer)) addMember(node.parent, node.name.getText())
    if (ts.isShorthandPropertyAssignment(node) && has(checker.getShorthandAssignmentValueSymbol(node)))
      addMember(node.parent, node.name.text)
    if (ts.isCallExpression(node)) pass(node)
    const body = ts.isArrowFunction(node) && !ts.isBlock(node.body) ? node.body : undefined
    if (body && isText(body)) giving.add(node)
    if (ts.isReturnStatement(node) && isText(node.expression)) {
      const own = ts.findAncestor(node, ts.isFunctionLike)
      if (own) giving.add(own)
    }
    ts.forEachChild(node, visit)
  }
  const addMember = (literal: ts.ObjectLiteralExpression, name: string): void => {
    const expected = checker.getContextualType(literal)
    for (const type of expected?.isUnion() ? expected.types : [expected]) add(type?.getProperty(name))
    add(checker.getTypeAtLocation(literal).getProperty(name))
  }
  const pass = (call: ts.CallExpression): void => {
    const declaration = declarationOf(call)
    const parameters = declaration && ts.isFunctionLike(declaration) ? declaration.parameters : []
    call.arguments.forEach((argument, index) => {
      const parameter = parameters[index]
      if (parameter && ts.isIdentifier(parameter.name) && isText(argument)) add(symbolAt(parameter.name))
      const takesEach =
        ts.isPropertyAccessExpression(call.expression) &&
        isText(call.expression.expression) &&
        ts.isArrowFunction(argument)
      const each = takesEach ? argument.parameters[0]?.name : undefined
      if (each && ts.isIdentifier(each)) add(symbolAt(each))
    })
  }

  for (let known = -1; known !== texts.size + giving.size;) {
    known = texts.size + giving.size
    for (const file of files) visit(file)
  }

  const found: Use[] = []
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression
      const isRegExp = checker.getTypeAtLocation(expression).symbol?.name === 'RegExp'
      const taken = onText.test(name.text) ? expression : isRegExp ? node.arguments[0] : undefined
      if (taken && isText(taken)) {
        const file = node.getSourceFile()
        const { line } = file.getLineAndCharacterOfPosition(name.getStart())
        const code = node.getText().replaceAll(/\s+/g, ' ')
        found.push({ file: relative(root, file.fileName), line: line + 1, code })
      }
    }
    ts.forEachChild(node, look)
  }
  for (const file of files) look(file)
  return found
}
