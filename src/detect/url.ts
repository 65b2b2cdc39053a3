import type { Sighting } from './detection.ts';
import { firstSighting } from './scan.ts';
import { isPlaceholder } from './weak.ts';

// One class for the whole userinfo, and a host behind it: nothing to backtrack over but the run itself. Lazy and without
// a group, V8 takes half the time over a flood of `://`.
const USERINFO = /:\/\/[^\s/?#@"'<>\\]+?@(?=[\w.[$({%-])/g;

const PARAMETER = /[?&;] ?[Pp](?:assword|wd)=[^&;\s"'<>\\#]/g;
const VALUE = /^[^&;\s"'<>\\#]*/;

/** The words that documentation writes for both: `user:password@host`. */
const USER_WORD = /^\W*(?:user|username|login|usr)\W*$/i;
const PASSWORD_WORD = /^\W*(?:password|pass|passwd|pwd|secret|token)\W*$/i;

/**
 * A URL whose userinfo holds a password, or a connection string (JDBC, ADO.NET) with a password parameter; not one that
 * is empty, a placeholder or filled in from elsewhere (`$(VAR)`, `${VAR}`, `{{ x }}`).
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
 */
export function findUrlPassword(text: string): Sighting | undefined {
  const flood = { kind: 'url-password', label: 'many URLs with a password' } as const;
  const url = text.includes('@')
    ? firstSighting(text, USERINFO, (match) => judgeUrl(text, match), flood)
    : undefined;
  if (url !== undefined || !text.includes('=')) return url;
  return firstSighting(text, PARAMETER, (match) => judgeParameter(text, match), flood);
}

function judgeUrl(text: string, match: RegExpExecArray): Sighting | undefined {
  if (!/[A-Za-z0-9]/.test(text.charAt(match.index - 1))) return undefined;
  const userinfo = match[0].slice('://'.length, -1);
  const colon = userinfo.indexOf(':');
  const user = userinfo.slice(0, colon);
  const password = userinfo.slice(colon + 1);
  if (colon < 0 || password === '' || isPlaceholder(password)) return undefined;
  if (USER_WORD.test(user) && PASSWORD_WORD.test(password)) return undefined;
  return { kind: 'url-password', label: 'a URL with a password', length: match[0].length };
}

function judgeParameter(text: string, match: RegExpExecArray): Sighting | undefined {
  const start = match.index + match[0].length - 1;
  const password = VALUE.exec(text.slice(start, start + 256))?.[0] ?? '';
  if (isPlaceholder(password)) return undefined;
  return {
    kind: 'url-password',
    label: 'a connection string with a password',
    length: password.length,
  };
}
