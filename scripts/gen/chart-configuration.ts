import type { TSchema } from 'typebox';
import { Configuration } from '../../src/config/schema.ts';

interface ObjectSchema {
  readonly properties: Readonly<Record<string, TSchema>>;
}

/** The schema of `config`: the configuration file's, without what the chart writes itself. */
export const configurationValue: TSchema = withoutHead(Configuration);

function withoutHead({ properties }: ObjectSchema): TSchema {
  const kept = Object.entries(properties).filter(([key]) => key !== 'apiVersion' && key !== 'kind');
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(kept) };
}
