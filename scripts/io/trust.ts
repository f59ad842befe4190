import { readFileSync } from 'node:fs'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { settingsFaults } from '../core/settings/errors.ts'

/**
 * Trusts the authorities in the file that AWS_CA_BUNDLE names, as the aws CLI does; the SDK does not know it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html
 * @throws RigletError SETTINGS
 */
export function trustBundle(file: string): void {
  try {
    const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
    const authorities = readFileSync(file, 'utf8').match(pem)
    if (authorities === null) throw new Error('no certificate in PEM form stands in it')
    setDefaultCACertificates([...getCACertificates('default'), ...authorities])
  } catch (error) {
    const why = (error as Error).message
    throw settingsFaults([{ where: 'environment', what: `AWS_CA_BUNDLE=${file} cannot be used: ${why}` }], [], false)
  }
}
