import { execFile } from 'node:child_process'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { promisify } from 'node:util'

export type Certificate = { readonly certificate: string; readonly key: string }

/** A certificate for these host names that nobody trusts. */
export async function makeCertificate(...hosts: readonly string[]): Promise<Certificate> {
  const { stdout } = await promisify(execFile)('rehearsal/.venv/bin/python', ['test/io/certificate.py', ...hosts])
  return JSON.parse(stdout) as Certificate
}

/** Trusts a certificate in this process, until what is returned is called. */
export function trust({ certificate }: Certificate): () => void {
  const before = getCACertificates()
  setDefaultCACertificates([...before, certificate])
  return () => setDefaultCACertificates(before)
}
