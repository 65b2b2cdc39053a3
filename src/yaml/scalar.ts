import { SyntaxProblem, type ScalarNode } from './node.ts';

/** A scalar with its type; an integer and a float of the same number make different map keys. */
export type Scalar =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int' | 'float'; readonly value: number; readonly digits?: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null'; readonly value: null };

const TAG = 'tag:yaml.org,2002:';
const NULL: Scalar = { type: 'null', value: null };
const WORDS: ReadonlyMap<string, Scalar> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, NULL] as const),
  ...words(true, ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']),
  ...words(false, ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, float(Number.NaN)] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, float(Number.POSITIVE_INFINITY)] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, float(Number.NEGATIVE_INFINITY)] as const),
]);

/**
 * A scalar as kubectl reads it: sigs.k8s.io/yaml, which is YAML 1.1 without base 60 numbers and with
 * dates as strings. Throws a SyntaxProblem where the tag and the text disagree.
 * @see https://github.com/yaml/go-yaml/blob/v2.4.2/resolve.go
 */
export function readScalar({ text, plain, tag, start }: ScalarNode): Scalar {
  if (tag === '') return plain ? resolve(text) : { type: 'string', value: text };
  if (!tag.startsWith(TAG)) return { type: 'string', value: text };
  const name = tag.slice(TAG.length);
  if (name === 'binary') return { type: 'string', value: decoded(text, start) };
  if (!['null', 'bool', 'int', 'float', 'timestamp'].includes(name)) {
    return { type: 'string', value: text };
  }
  const found = resolve(text);
  if (found.type === name) return found;
  if (name === 'float' && found.type === 'int') return float(found.value);
  if (name === 'timestamp' && TIMESTAMP.test(text)) return { type: 'string', value: text };
  throw new SyntaxProblem('the value does not fit its tag', start);
}

function resolve(text: string): Scalar {
  return WORDS.get(text) ?? number(text) ?? { type: 'string', value: text };
}

const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d*)?(?:Z|[-+]\d\d:\d\d)?)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const MOST = 2n ** 64n - 1n;
const LEAST = -(2n ** 63n);

/** Integers have 64 bits, with or without a sign; longer ones are floats where they are decimal. */
function number(text: string): Scalar | undefined {
  const first = text.charCodeAt(0);
  if (first !== 43 && first !== 45 && first !== 46 && !(first >= 48 && first <= 57))
    return undefined;
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  return integer(digits) ?? (FLOAT.test(digits) ? finite(digits) : undefined);
}

function integer(text: string): Scalar | undefined {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, decimal = ''] = match;
  let written = decimal;
  if (hex !== undefined) written = `0x${hex}`;
  else if (binary !== undefined) written = `0b${binary}`;
  else if (octal !== undefined) written = `0o${octal}`;
  if (decimal.length > 20) return undefined;
  const size = written.length < 12 ? Number(written) : BigInt(written);
  const value = sign === '-' ? -size : size;
  if (value > MOST || value < LEAST || (sign === '+' && value > -LEAST - 1n)) return undefined;
  return { type: 'int', value: Number(value) + 0, digits: String(value) };
}

function finite(text: string): Scalar | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? float(value) : undefined;
}

/** The key of a map as JSON has it; undefined for what cannot be one. */
export function keyText(scalar: Scalar): string | undefined {
  switch (scalar.type) {
    case 'string':
      return scalar.value;
    case 'bool':
      return String(scalar.value);
    case 'int':
      // A key beyond 63 bits is of a type that the converter does not know.
      return BigInt(scalar.digits ?? 0) < 2n ** 63n ? scalar.digits : undefined;
    case 'float':
      return floatKey(scalar.value);
    case 'null':
      return undefined;
  }
}

/** Go's shortest text of a 32-bit float: 1e+06, 0.5, .inf. */
function floatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  let shortest = single.toExponential(8);
  for (let digits = 0; digits < 8; digits++) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) {
      shortest = text;
      break;
    }
  }
  const [mantissa = '', exponent = '0'] = shortest.split('e');
  const size = Number(exponent);
  if (size >= -4 && size < 6) return Object.is(single, -0) ? '-0' : String(Number(shortest));
  return `${mantissa}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
}

function decoded(text: string, start: number): string {
  const packed = text.replace(/[\r\n]/g, '');
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    throw new SyntaxProblem('the !!binary value is no base64', start);
  }
  return Buffer.from(packed, 'base64').toString('utf8');
}

function words(value: boolean, list: readonly string[]): (readonly [string, Scalar])[] {
  return list.map((word) => [word, { type: 'bool', value }] as const);
}

function float(value: number): Scalar {
  return { type: 'float', value };
}
