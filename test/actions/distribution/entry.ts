/** What the manifest says of an image in a region. */
export const entry = {
  architecture: 'x86_64',
  deprecation_time: null,
  id: 'ami-00000001',
  name: 'acme-shop/web/1',
  public: true,
}
