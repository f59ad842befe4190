import { createServer, type RequestListener, type Server } from 'node:http'
import { existsSync, readFileSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before } from 'mocha'

/** A web server on this machine for as long as a suite runs; it answers what the test wants it to. */
export function feedServer(answer: RequestListener): { url: string; readonly asked: string[] } {
  const told = { url: '', asked: [] as string[] }
  let server: Server
  before((done) => {
    server = createServer((request, response) => {
      told.asked.push(request.url ?? '')
      answer(request, response)
    }).listen(0, '127.0.0.1', () => {
      told.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      done()
    })
  })
  after((done) => {
    server.closeAllConnections()
    server.close(done)
  })
  return told
}

/** Files of a folder, as they are. */
export const filesOf =
  (folder: () => string): RequestListener =>
  ({ url = '' }, response) => {
    const path = join(folder(), decodeURIComponent(url))
    if (existsSync(path) && statSync(path).isFile()) response.end(readFileSync(path))
    else response.writeHead(404).end()
  }
