import assert from 'node:assert/strict'
import { overruled, withDeclared, type Declared } from '../../../scripts/core/environments/app-settings.ts'
import { readSettings } from '../../../scripts/core/settings/settings.ts'
import { saidOf } from '../../../scripts/core/settings/stack-settings.ts'

type Row = readonly [
  title: string,
  typed: Readonly<Record<string, string>>,
  file: Declared,
  makeFile: string,
  host: string | undefined,
]

describe('what an app is set to', () => {
  // `undefined`: nothing is said, so what the stack has stays; empty: back to the template's default.
  const rows: readonly Row[] = [
    [
      'what was typed goes before all',
      { HOST_NAME: 'typed.example.com' },
      { HOST_NAME: 'file.example.com' },
      'HOST_NAME=make.example.com',
      'typed.example.com',
    ],
    [
      'typed empty, too',
      { TYPED_EMPTY: 'HOST_NAME' },
      { HOST_NAME: 'file.example.com' },
      'HOST_NAME=make.example.com',
      '',
    ],
    [
      'the file goes before .make',
      {},
      { HOST_NAME: 'file.example.com' },
      'HOST_NAME=make.example.com',
      'file.example.com',
    ],
    ['null in the file, too', {}, { HOST_NAME: '' }, 'HOST_NAME=make.example.com', ''],
    ['a line of .make stands where the file says nothing', {}, {}, 'HOST_NAME=make.example.com', 'make.example.com'],
    [
      'a variable that is merely exported empty says nothing',
      { HOST_NAME: '' },
      { HOST_NAME: 'file.example.com' },
      '',
      'file.example.com',
    ],
    ['nothing was said', {}, { MIN_SIZE: '3' }, '', undefined],
  ]
  for (const [title, typed, file, makeFile, host] of rows)
    it(`${title}: ${host ?? 'nothing'}`, () => {
      const settings = withDeclared(readSettings([], typed, makeFile), file)
      const { parameters, reset } = saidOf('app', settings)
      assert.equal(parameters['HostName'], host === '' ? undefined : host)
      assert.equal(reset.includes('HostName'), host === '')
    })

  it('tells the lines of .make that the file overrules', () => {
    const settings = readSettings(
      [],
      { MAX_SIZE: '9' },
      'HOST_NAME=a.example.com\nMIN_SIZE=2\nMAX_SIZE=3\nTARGET_CPU=4\n',
    )
    const file = { HOST_NAME: 'b.example.com', MIN_SIZE: '2', MAX_SIZE: '4' }
    assert.deepEqual(overruled(settings, file), ['HOST_NAME'])
  })
})
