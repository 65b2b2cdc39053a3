import { END, tokenRules, type TokenRule } from './rule.ts';

const HEX = '[0-9a-f]';

const service = (label: string, prefixes: readonly string[], tail: string): readonly TokenRule[] =>
  tokenRules('vendor-token', label, prefixes, tail);

/**
 * Tokens of services that have a kind of their own.
 * @see https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns
 */
const known: readonly TokenRule[] = [
  ...tokenRules(
    'slack-token',
    'a Slack token',
    ['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-'],
    '(?:[0-9]{1,20}-){1,4}[A-Za-z0-9]{16,200}',
  ),
  ...tokenRules(
    'slack-token',
    'a Slack app token',
    ['xapp-'],
    '[0-9]-[A-Z0-9]{6,16}-[0-9]{6,20}-[A-Za-z0-9]{32,128}',
  ),
  ...tokenRules(
    'stripe-key',
    'a Stripe key',
    ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'],
    `[A-Za-z0-9]{20,255}${END}`,
  ),
  ...tokenRules('stripe-key', 'a webhook signing secret', ['whsec_'], '[A-Za-z0-9+/]{32,88}'),
  ...tokenRules('sendgrid-key', 'a SendGrid key', ['SG.'], `[\\w-]{22}\\.[\\w-]{43}${END}`),
  ...tokenRules('twilio-key', 'a Twilio key', ['SK'], `${HEX}{32}${END}`),
  ...tokenRules('vault-token', 'a Vault token', ['hvs.', 'hvb.', 'hvr.'], '[\\w-]{24,255}'),
  ...tokenRules(
    'openai-key',
    'an OpenAI key',
    ['sk-proj-', 'sk-svcacct-', 'sk-admin-'],
    '[\\w-]{40,255}',
  ),
  ...tokenRules('openai-key', 'an OpenAI key', ['sk-'], '[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}'),
  ...tokenRules(
    'anthropic-key',
    'an Anthropic key',
    ['sk-ant-'],
    '[a-z]{3,8}[0-9]{2}-[\\w-]{80,120}',
  ),
  ...tokenRules(
    'age-secret-key',
    'an age secret key',
    ['AGE-SEC'],
    'RET-KEY-1[02-9AC-HJ-NP-Z]{58}',
  ),
];

/** Tokens of services, by the prefixes that their vendors publish for secret scanning. */
export const vendorRules: readonly TokenRule[] = [
  ...known,
  ...service('a Hugging Face token', ['hf_'], `[A-Za-z]{34}${END}`),
  ...service('a Docker Hub token', ['dckr_pat_', 'dckr_oat_'], '[\\w-]{27,32}'),
  ...service('a Grafana token', ['glsa_'], `[A-Za-z0-9]{32}_${HEX}{8}${END}`),
  ...service('a Grafana Cloud token', ['glc_eyJ'], '[A-Za-z0-9+/]{32,400}'),
  ...service('a Databricks token', ['dapi'], `${HEX}{32}(?:-[0-9])?${END}`),
  ...service('a Shopify token', ['shpat_', 'shpss_', 'shpca_', 'shppa_'], `${HEX}{32}${END}`),
  ...service('a New Relic key', ['NRAK-'], `[A-Z0-9]{27}${END}`),
  ...service('a Linear key', ['lin_api_'], `[A-Za-z0-9]{40}${END}`),
  ...service('an Atlassian token', ['ATATT3'], '[\\w-]{160,190}=[A-F0-9]{8}'),
  ...service('a Tailscale key', ['tskey-'], '[a-z]{3,10}-[A-Za-z0-9]{10,24}-[A-Za-z0-9]{20,48}'),
  ...service(
    'a Doppler token',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    '[A-Za-z0-9]{40,48}',
  ),
  ...service('a Sentry token', ['sntrys_'], 'eyJ[A-Za-z0-9+/=]{40,400}_[A-Za-z0-9+/]{43}'),
  ...service('a Pulumi token', ['pul-'], `${HEX}{40}${END}`),
  ...service('a PlanetScale password', ['pscale_'], '(?:pw|tkn|oauth)_[\\w-]{32,64}'),
  ...service('a Heroku key', ['HRKU-AA'], `[\\w-]{58}${END}`),
  ...service('a Postman key', ['PMAK-'], `${HEX}{24}-${HEX}{34}${END}`),
  ...service('a Dynatrace token', ['dt0c01.', 'dt0s01.', 'dt0s16.'], '[A-Z2-7]{24}\\.[A-Z2-7]{64}'),
  ...service('a Brevo key', ['xkeysib-'], `${HEX}{64}-[A-Za-z0-9]{16}${END}`),
  ...service('a Telegram bot token', [':AA'], `(?<=[0-9]{8,10}:AA)[\\w-]{33}${END}`),
  ...service(
    'a Terraform Cloud token',
    ['.atlasv1.'],
    '(?<=[A-Za-z0-9]{14}\\.atlasv1\\.)[\\w-]{60,70}',
  ),
];
