import type { Sighting } from './detection.ts';
import { isFiller } from './filler.ts';
import { firstSighting } from './scan.ts';

/** Secrets without a prefix of their own, known by what stands around them: literal words, then bounded classes. */
const shapes = [
  {
    // https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
    kind: 'aws-access-key',
    label: 'an AWS secret access key',
    pattern: String.raw`(?:cret_?[Aa]ccess_?[Kk]ey|CRET_ACCESS_KEY)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])`,
  },
  {
    // https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
    kind: 'azure-storage-key',
    label: 'an Azure connection string with its key',
    pattern: String.raw`cc(?:ountKey|essKey)=[A-Za-z0-9+/]{40,88}={1,2}`,
  },
  {
    // https://learn.microsoft.com/azure/storage/common/storage-sas-overview
    kind: 'azure-storage-key',
    label: 'an Azure shared access signature',
    pattern: String.raw`[?&]sig=(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9+/]){43,48}(?:(?<=%3[Dd])|=)`,
  },
  {
    // https://docs.npmjs.com/cli/configuring-npm/npmrc
    kind: 'npm-token',
    label: 'an npm registry login',
    pattern: String.raw`_authToken\s{0,3}=\s{0,3}["']?[A-Za-z0-9+/=_-]{16,255}`,
  },
  {
    // https://api.slack.com/messaging/webhooks
    kind: 'slack-token',
    label: 'a Slack webhook',
    pattern: String.raw`ck\.com/services/T[A-Z0-9]{6,14}/B[A-Z0-9]{6,14}/[A-Za-z0-9]{20,40}`,
  },
  {
    // https://discord.com/developers/docs/resources/webhook
    kind: 'vendor-token',
    label: 'a Discord webhook',
    pattern: String.raw`com/api/webhooks/[0-9]{17,20}/[\w-]{60,80}`,
  },
] as const;

type Shape = (typeof shapes)[number];

function expressionOf(chosen: readonly Shape[]): RegExp {
  return new RegExp(chosen.map((shape) => shape.pattern).join('|'), 'g');
}

// Together they would keep V8 from skipping: five that begin in letters, and one that begins in `?` or `&`, are ten times
// as fast apart.
const inQuery = ({ pattern }: Shape): boolean => pattern.startsWith('[?&]');
const expressions = [shapes.filter((shape) => !inQuery(shape)), shapes.filter(inQuery)].map(
  expressionOf,
);
const each = shapes.map(({ kind, label, pattern }) => ({
  kind,
  label,
  pattern: new RegExp(`^(?:${pattern})`),
}));

/** The generated part of a Microsoft Entra client secret, by its middle: three characters, a digit, `Q~`. */
const CLIENT_SECRET_MARK = /[0-9]Q~/g;
const CLIENT_SECRET = /(?<![\w.~-])[\w.~-]{3}[0-9]Q~[\w.~-]{31,34}(?![\w-])/y;
const BEFORE_MARK = 3;

/** A secret that is known by its surroundings: an assignment, a connection string, a webhook's URL. */
export function findAssignment(text: string): Sighting | undefined {
  if (!text.includes('=') && !text.includes(':') && !text.includes('~')) return undefined;
  for (const expression of expressions) {
    const sighting = firstSighting(text, expression, judge, flood);
    if (sighting !== undefined) return sighting;
  }
  return text.includes('Q~')
    ? firstSighting(text, CLIENT_SECRET_MARK, judgeClientSecret, flood)
    : undefined;
}

const flood = { kind: 'vendor-token', label: 'many keys in assignments' } as const;

function judge(match: RegExpExecArray): Sighting | undefined {
  const [found] = match;
  if (isFiller(found)) return undefined;
  const { kind, label } = each.find(({ pattern }) => pattern.test(found)) ?? shapes[0];
  return { kind, label, length: found.length };
}

function judgeClientSecret({ index, input }: RegExpExecArray): Sighting | undefined {
  CLIENT_SECRET.lastIndex = index - BEFORE_MARK;
  const found = index < BEFORE_MARK ? undefined : CLIENT_SECRET.exec(input)?.[0];
  if (found === undefined || isFiller(found)) return undefined;
  const label = 'a Microsoft Entra client secret';
  return { kind: 'azure-client-secret', label, length: found.length };
}
