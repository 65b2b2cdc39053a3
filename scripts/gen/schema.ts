import { API_VERSION, Configuration } from '../../src/config/schema.ts';

/** The published JSON schema of the configuration file. */
export function configurationSchema(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://hushgate.dev/schema/${API_VERSION.split('/')[1] ?? ''}/configuration.json`,
    ...Configuration,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
