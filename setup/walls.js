// The walls of the house, as a lint rule: which layer may import which. Effects reach the actions as ports.
import { dirname, join, relative, resolve, sep } from 'node:path'

const layers = ['core', 'view', 'aws', 'io', 'engine', 'actions']
export const may = {
  entry: ['main', 'actions', 'engine'],
  main: ['main', 'core', 'view', 'aws', 'io', 'engine'],
  core: ['core'],
  view: ['view', 'core'],
  aws: ['aws', 'core'],
  io: ['io', 'core'],
  engine: ['engine', 'core', 'view'],
  actions: ['actions', 'engine', 'core', 'view'],
  // The story that shows it all stands outside the house and looks in; nothing in the house knows of it.
  demo: ['demo', 'main', 'actions', 'engine', 'core', 'view', 'aws', 'io'],
}
/** Modules with effects: what is pure, and what gets its effects as ports, imports none of them. */
const effects = /^(node:(fs|fs\/promises|child_process|net|http|https|process|os|readline|timers)|zx|inquirer|listr2)$/
const pure = ['core', 'view', 'engine', 'actions']

/** The layer of a file, from its path below the root; undefined outside the house (tests, set-up). */
export const layerOf = (path) => {
  const parts = path.split(sep)
  if (parts.length === 1) return /^(create|delete)-riglet\.ts$/.test(path) ? 'entry' : undefined
  if (parts[0] === 'demo') return 'demo'
  if (parts[0] !== 'scripts') return undefined
  if (parts.length === 2) return /^(main|stack-verbs)\.ts$/.test(parts[1]) ? 'main' : 'entry'
  return layers.includes(parts[1]) ? parts[1] : undefined
}

/** Why `from` (a path below the root) may not import `name`; undefined if it may. */
export const forbidden = (from, name) => {
  const layer = layerOf(from)
  if (layer === undefined) return undefined
  if (/^@(aws-sdk|smithy)\//.test(name)) return layer === 'aws' ? undefined : 'only scripts/aws knows the SDK'
  if (pure.includes(layer) && effects.test(name)) return `${layer} has no effects of its own: values or ports`
  if (!name.startsWith('.')) return undefined
  const target = layerOf(relative('.', resolve(dirname(from), name)))
  return target !== undefined && may[layer].includes(target)
    ? undefined
    : `${layer} may import only ${may[layer].join(', ')}`
}

const rule = {
  meta: { type: 'problem', schema: [] },
  create: (context) => {
    const from = relative(context.cwd, context.filename)
    const check = (node) => {
      const why = node.source && typeof node.source.value === 'string' ? forbidden(from, node.source.value) : undefined
      if (why !== undefined) context.report({ node, message: why })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    }
  },
}

/** JSON of files, objects and commands is read where a fault in it is told with its place. */
const jsonRule = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    'MemberExpression[object.name="JSON"][property.name="parse"]': (node) => {
      if (relative(context.cwd, context.filename) !== join('scripts', 'core', 'json.ts'))
        context.report({ node, message: 'read JSON with scripts/core/json.ts: it says where a fault is' })
    },
  }),
}

const withoutAmbient = {
  'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'console'],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'pass now' },
    { object: 'Math', property: 'random', message: 'pass what is random' },
    { object: 'crypto', property: 'randomUUID', message: 'pass what is random' },
  ],
}

export const walls = [
  {
    files: ['scripts/**/*.ts', 'demo/**/*.ts', '*.ts'],
    plugins: { house: { rules: { walls: rule, json: jsonRule } } },
    rules: { 'house/walls': 'error', 'house/json': 'error' },
  },
  { files: ['scripts/core/**/*.ts', 'scripts/view/**/*.ts'], rules: withoutAmbient },
]
