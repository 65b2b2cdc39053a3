/** How much of a value these checks read: what is longer is neither a placeholder nor a trivial password. */
const READ = 256;

const BLANKS = new Set([
  'null',
  'none',
  'nil',
  'undefined',
  'n/a',
  'na',
  'tbd',
  'todo',
  'fixme',
  'example',
  'sample',
  'placeholder',
  'dummy',
  'fake',
  'redacted',
  'hidden',
  'masked',
  'unset',
  'empty',
  'change',
  'replace',
  'replaceme',
  'changeme',
  'changethis',
  'fillme',
  'fillmein',
  'foobar',
  'mysecret',
  'yourpassword',
  'yoursecret',
  'yourtoken',
]);

/**
 * Words that only a value to be replaced holds, at its ends or between separators. In a short phrase of words alone:
 * `api.example.com` is an address.
 */
const BLANK_WORDS =
  /(?:^|[ _<([-])(?:change(?:[ _-]?(?:me|this)|[ _-]it)[0-9]*|replace[ _-]?(?:me|this|with)|to[ _-]be[ _-]replaced|your|insert|placeholder|redacted|example|dummy|fill[ _-]?me|fixme|todo)(?:[ _>)\]-]|$)/;

const PHRASE = /^[\w <>()[\]-]{1,64}$/;

/** A reference that something else fills in: `$(VAR)`, `${VAR}`, `{{ x }}`, `%VAR%`, `@@VAR@@`, `#{x}#`, `%(x)s`. */
const REFERENCE =
  /\$[({]|\{\{|#\{|%\(|^\$[A-Za-z_]\w{0,99}$|^%\w{1,99}%$|^@@?\w{1,99}@@?$|^__\w{1,99}__$/;

/** `<password>`, `[your token]`: words in brackets, no markup. */
const BRACKETED = /^(?:<[\w .,:-]{0,64}>|\[[\w .-]{0,64}\]|\([\w .-]{0,64}\))$/;

const TRIVIAL = new Set([
  'password',
  'passwort',
  'passwd',
  'pass',
  'pwd',
  'secret',
  'secrets',
  'token',
  'key',
  'admin',
  'administrator',
  'root',
  'toor',
  'user',
  'username',
  'test',
  'testing',
  'tester',
  'guest',
  'default',
  'demo',
  'dev',
  'welcome',
  'letmein',
  'login',
  'master',
  'qwerty',
  'qwertz',
  'qwertyuiop',
  'azerty',
  'asdfgh',
  'asdfghjkl',
  'zxcvbn',
  'zxcvbnm',
  'iloveyou',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'shadow',
  'superman',
  'trustno',
  'hunter',
  'postgres',
  'postgresql',
  'mysql',
  'mariadb',
  'redis',
  'mongo',
  'mongodb',
  'rabbitmq',
  'elastic',
  'grafana',
  'minio',
  'minioadmin',
  'oracle',
  'changeit',
  'changeme',
  'change',
  'hello',
  'temp',
  'qazwsx',
  'freedom',
  'whatever',
  'abc',
]);

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
};

/** A text with letters in place of the digits and signs that stand for them. */
function plainLetters(text: string): string {
  return text.replace(/[01345@$]/g, (character) => LEET[character] ?? character);
}

/** Whether all characters are the same, or one short piece repeats: `aaaa`, `xxx-xxx-xxx`, `rootroot`, `121212`. */
function repeats(value: string, pieces: number): boolean {
  for (let size = 1; size <= pieces && size * 2 <= value.length; size++) {
    if (value.startsWith(value.slice(size))) return true;
  }
  return false;
}

/** Whether each character follows the one before by the same step, up or down: `123456`, `abcdef`, `654321`. */
function isSequence(value: string): boolean {
  const step = value.charCodeAt(1) - value.charCodeAt(0);
  if (value.length < 3 || Math.abs(step) !== 1) return false;
  for (let at = 2; at < value.length; at++) {
    const next = value.charCodeAt(at) - value.charCodeAt(at - 1);
    const wraps = step === 1 && value[at] === '0' && value[at - 1] === '9';
    if (next !== step && !wraps) return false;
  }
  return true;
}

/**
 * Whether a value stands in for one that is still to come: a reference (`$(VAR)`, `{{ x }}`), a word such as
 * `changeme` or `<password>`, asterisks, or one character alone. Reads at most 256 characters.
 */
export function isPlaceholder(value: string): boolean {
  const text = value.trim().slice(0, READ);
  if (text.length <= 1) return true;
  if (REFERENCE.test(text)) return true;
  if (value.length > READ) return false;
  const lower = text.toLowerCase();
  if (BRACKETED.test(text) || BLANKS.has(lower.replace(/[^a-z0-9/]/g, ''))) return true;
  return (
    (PHRASE.test(lower) && BLANK_WORDS.test(lower)) ||
    /^(.)\1+$/.test(text) ||
    /^[x*.#_ -]+$/.test(lower)
  );
}

/**
 * Whether a value is a password that anybody would try first: one of a closed short list (also in capitals, with digits
 * behind it or in leetspeak), a repetition or a sequence. Reads at most 256 characters.
 */
export function isTriviallyWeak(value: string): boolean {
  const text = value.trim().toLowerCase();
  if (text.length === 0 || text.length > READ) return false;
  if (text.length >= 4 && (repeats(text, 4) || isSequence(text))) return true;
  if (text.length > 24) return false;
  const plain = text.replace(/[!.?*#]{1,3}$/, '').replace(/[_ -]?[0-9]{1,4}$/, '');
  if (TRIVIAL.has(plain) || TRIVIAL.has(text)) return true;
  const letters = plainLetters(text);
  return (
    TRIVIAL.has(letters) ||
    TRIVIAL.has(letters.replace(/[0-9]{1,4}$/, '')) ||
    TRIVIAL.has(plainLetters(plain))
  );
}
