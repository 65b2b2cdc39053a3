import { END, tokenRules, type TokenRule } from './rule.ts';

/**
 * Keys of the large clouds that stand alone (those that need their surroundings are in assignment.ts).
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 * @see https://cloud.google.com/docs/authentication/api-keys
 * @see https://docs.digitalocean.com/reference/api/create-personal-access-token/
 */
export const cloudRules: readonly TokenRule[] = [
  ...tokenRules('aws-access-key', 'an AWS access key', ['AKIA', 'ASIA'], `[A-Z2-7]{16}${END}`),
  ...tokenRules('google-api-key', 'a Google API key', ['AIza'], `[A-Za-z0-9_-]{35}${END}`),
  ...tokenRules('vendor-token', 'a Google OAuth client secret', ['GOCSPX-'], `[\\w-]{28}${END}`),
  ...tokenRules(
    'digitalocean-token',
    'a DigitalOcean token',
    ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    `[0-9a-f]{64}${END}`,
  ),
];
