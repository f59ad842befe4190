/** What the template's mapping says for an environment: `integration: { InstanceType: t3.micro, ... }`. */
export const defaultInstanceType = (template: string, environment: string): string | undefined =>
  new RegExp(`^\\s+${environment}:\\s*\\{[^}\\n]*\\bInstanceType:\\s*([a-z0-9.-]+)`, 'm').exec(template)?.[1]
