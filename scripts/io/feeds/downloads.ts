import type { Downloads } from '../../core/ports/feeds/downloads.ts'
import { makeDownload, type Reach } from './download.ts'
import { verify } from './signatures.ts'
import { unpack } from './unpack.ts'

export const makeDownloads = (reach: Reach): Downloads => ({ get: makeDownload(reach), unpack, verify })
