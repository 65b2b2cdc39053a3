/** A text whose reading by the real kubectl is recorded in golden.json under its name. */
export interface Row {
  readonly name: string;
  readonly text: string;
}

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

// prettier-ignore
const SCALARS = [
  '', '~', 'null', 'Null', 'NULL', 'nUll', '"null"', "''", '""', 'true', 'True', 'TRUE', 'tRue', 'yes', 'Yes', 'YES', 'yEs',
  'y', 'Y', 'on', 'On', 'ON', 'no', 'No', 'NO', 'n', 'N', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE', '"yes"', "'no'",
  '0', '1', '-1', '+1', '-0', '+0', '00', '007', '0400', '0644', '-0644', '+0644', '0o644', '0O644', '-0o17', '08', '09.5', '0888',
  '0x1F', '0X1f', '-0x1F', '+0x1F', '0xG', '0x', '0b101', '0B101', '-0b101', '+0b11', '0b2', '0b', '1_000', '1__0', '1_', '_1',
  '0_7', '0x_F', '-_1', '12e03', '1e3', '1E3', '1e+3', '1e-3', '-1e3', '+1e3', '1e', 'e1', '1e400', '-1e400', '1e-400', '.5', '-.5', '+.5', '5.', '.', '..',
  '.e1', '1.5', '-1.5', '1.5e3', '1_0.5_0', '.5_0', '1.2.3', '190:20:30', '1:30', '12:30:45.6', '.inf', '.Inf', '-.INF', '+.inf', '.iNf', '.nan', '.NaN',
  'inf', 'NaN', 'Infinity', '9007199254740993', '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809',
  '18446744073709551615', '18446744073709551616', '+9223372036854775808', '123456789012345678901234567890', '0xFFFFFFFFFFFFFFFF', '0xFFFFFFFFFFFFFFFFF',
  '01777777777777777777777', '02000000000000000000000', '0x1p4', '0x1.8p1', '1.7976931348623157e309', '5e-324', '0.1', '100000000000000000000000.5',
  '2001-01-01', '2001-1-1', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10', '2001-12-14T21:59:43Z', '2001-13-45', '12-34', '192.168.0.1',
  '-', '+', '--', '<<', '=', 'a: b', 'a:b', 'a #b', 'a#b', '#b', '@a', '`a`', '%a', '!', '! 12', '! "12"', '!foo bar', '!!foo bar', '&x a', '*x', '|', '>', '? a', '?a', '-a', ':a', ':', '{', '}', '[', ']', ',', ',a', 'a,b', 'a, b',
  '{}', '[]', '{a}', '{a: 1, b}', '{a: }', '{"a":1}', '{a:1}', '[a, b]', '[a, b,]', '[a,,b]', '{a: 1,}', '[,]', '{,}', '[a: 1]', '[a: 1, b: 2]', '{? a : 1}', '[{a: 1}, [2]]', '{[a]: 1}', '[a:]', '[a:, b]', '[fd00:db8::, fd00:db8::1]', '{a:}', '{a:, b: 1}', '[? a:]', '[&x a:, *x]', '[!t a:]', '[a :]', '{a :}', '{"a":}', '{a:[1]}', '{{ .Values.x }}', '"{{ .Values.x }}"', 'x-{{ .Values.x }}',
  '!!str 12', '!!str', '!!str yes', '!!int "12"', '!!int 0x1F', '!!int 1.5', '!!int a', '!!float 1', '!!float "1.5"', '!!float a', '!!bool yes', '!!bool "off"', '!!bool 1', '!!null ""', '!!null a', '!!null ~',
  '!!binary aGVsbG8=', '!!binary aGVsbG8', '!!binary "////"', '!!timestamp 2001-01-01', '!!timestamp a', '!<tag:yaml.org,2002:str> 12', '!<tag:example.com,2020:x> 12', '!!map {a: 1}', '!!seq [1]', '!!set {a, b}', '!!omap [a: 1]', '!x {a: 1}', '!!str {a: 1}', '!!str &x 12', '&x !!str 12',
  '"a\\nb"', '"a\\tb"', '"\\x41"', '"\\u00e9"', '"\\U0001F600"', '"\\ud83d\\ude00"', '"\\/"', '"\\e"', '"\\0"', '"\\_"', '"\\N"', '"\\L"', '"\\q"', '"a\\\n    b"', '"a\n    b"', '"a\n\n    b"', '"a\nb"', "'a''b'", "'a\n    b'", "'a\nb'", "'\\n'", '"tab\there"', 'a\tb', '\ta', '"é"', 'é', '"😀"', '"\u007f"', '"\u0085"', '"\u2028"', '"\u0001"',
  '|\n    a\n    b', '|-\n    a\n    b', '|+\n    a\n\n', '>\n    a\n    b', '>-\n    a\n    b\n\n    c', '>+\n    a\n\n', '|2\n    a', '|1\n    a', '|9\n    a', '|\n    a\n   b', '|\n\n    a', '|-\n', '>\n    a\n      b\n    c', '| # comment\n    a', '|x\n    a', '|-2\n      a', '|\n    a\n    ---\n    b', '|\n    a\n---\n    b',
  'a\n    b', 'a\n    b: c', 'a\n  b', 'a # b\n    c', '[a,\n    b]', '[a,\nb]', '[\n]', '{\n  a: 1\n  }', '{\n  a: 1\n}', '[\n    "a", # x\n    b\n  ]', '[a\n    b]', '- a', '\n  - a\n  - b', '\n    - a\n    - b', '\n  - - a\n    - b', '\n    - a: 1\n      b: 2', '\n    a: 1\n     b: 2', '\n    a: 1\n   b: 2', '\n  ? a\n  : b', '\n    ? a\n    : b', '\n    ? [a]\n    : b', '\n    ?\n    : b', '\n    "a": 1', "\n    'a': 1", '\n    a:1', '\n    a :1', '\n    a : 1', '\n\tb: 1', '\n    a:\t1', '\n    a: 1\t', '\n    -\ta', '\n    - \ta', '"a" b', '"a" # b', '"a"#b', 'a: |\n b',
] as const;

// prettier-ignore
const KEYS = [
  'a', '"a"', '1', '01', '0x10', '1.0', '1.5', '1e3', '1e6', '123456789.0', '1234567', '0.0001', '0.00001', '.inf', '-.inf', '.nan', 'true', 'yes', 'no', 'on', 'off', 'y', 'n', 'null', '~', '""', '2001-01-01', '!!str 1', '!!int "1"', '!!binary YQ==', '[a]', '{a: 1}', '<', '=', '"<<"', "'__proto__'", '__proto__', 'constructor', 'a b', 'a.b/c', '-a', '?a', '*x', '&x a', '9223372036854775808', '-1', '+1', '1_000', '? a',
] as const;

const OTHERS: Readonly<Record<string, string>> = {
  'merge before': `${HEAD}x: &x {a: 1, b: 2}\ndata:\n  <<: *x\n  a: 3\n`,
  'merge after': `${HEAD}x: &x {a: 1, b: 2}\ndata:\n  a: 3\n  <<: *x\n`,
  'merge list': `${HEAD}x: &x {a: 1, b: 2}\ny: &y {a: 3, c: 4}\ndata:\n  <<: [*x, *y]\n`,
  'merge inline map': `${HEAD}data:\n  <<: {a: 1}\n`,
  'merge twice': `${HEAD}x: &x {a: 1}\ny: &y {a: 2}\ndata:\n  <<: *x\n  <<: *y\n`,
  'merge scalar': `${HEAD}data:\n  <<: a\n`,
  'merge null': `${HEAD}data:\n  <<: ~\n`,
  'merge list of scalars': `${HEAD}data:\n  <<: [a]\n`,
  'merge alias of a list': `${HEAD}x: &x [{a: 1}]\ndata:\n  <<: *x\n`,
  'merge tagged': `${HEAD}data:\n  !!merge "<<": {a: 1}\n`,
  'merge quoted': `${HEAD}data:\n  "<<": {a: 1}\n`,
  'merge of merged': `${HEAD}x: &x {a: 1}\ny: &y {<<: *x, b: 2}\ndata:\n  <<: *y\n`,
  'merge is shallow': `${HEAD}x: &x {a: {b: 1}}\ndata:\n  <<: *x\n  a: {c: 2}\n`,
  'alias of a scalar': `${HEAD}data:\n  a: &x 0400\n  b: *x\n`,
  'alias of a map': `${HEAD}data:\n  a: &x {b: 1}\n  c: *x\n`,
  'alias before its anchor': `${HEAD}data:\n  a: *x\n  b: &x 1\n`,
  'alias unknown': `${HEAD}data:\n  a: *x\n`,
  'alias of itself': `${HEAD}data: &x\n  a: *x\n`,
  'alias as a key': `${HEAD}data:\n  a: &x b\n  *x : c\n`,
  'anchor twice': `${HEAD}data:\n  a: &x 1\n  b: *x\n  c: &x 2\n  d: *x\n`,
  'anchor of another document': `${HEAD}data:\n  a: &x 1\n---\n${HEAD}data:\n  a: *x\n`,
  'anchor of nothing': `${HEAD}data:\n  a: &x\n  b: *x\n`,
  'duplicate key': `${HEAD}data:\n  a: 1\n  a: 2\n`,
  'duplicate key, quoted': `${HEAD}data:\n  a: 1\n  "a": 2\n`,
  'duplicate top level': `${HEAD}data:\n  a: 1\ndata:\n  b: 2\n`,
  'two documents': `${HEAD}---\n${HEAD}`,
  'separator with a comment': `${HEAD}--- # next\n${HEAD}`,
  'separator with spaces': `${HEAD}---  \t\n${HEAD}`,
  'separator with text': `${HEAD}--- a\n`,
  'separator with a map': `${HEAD}--- {a: 1}\n`,
  'separator of four': `${HEAD}----\n${HEAD}`,
  'separator indented': `${HEAD} ---\n${HEAD}`,
  'separators first': `---\n---\n${HEAD}`,
  'separators last': `${HEAD}---\n---\n`,
  'document end': `${HEAD}...\n`,
  'document end and another': `${HEAD}...\n---\n${HEAD}`,
  'document end without separator': `${HEAD}...\nkind: b\n`,
  'null document': `---\nnull\n---\n${HEAD}`,
  'tilde document': `---\n~\n---\n${HEAD}`,
  'comment document': `# a\n---\n# b\n---\n${HEAD}`,
  empty: '',
  'white space': ' \n\n',
  'comment only': '# a\n',
  'no newline at the end': HEAD.trimEnd(),
  CRLF: `${HEAD}data:\n  a: |\n    b\n    c\n---\n${HEAD}`.replaceAll('\n', '\r\n'),
  CR: HEAD.replaceAll('\n', '\r'),
  BOM: `\uFEFF${HEAD}`,
  'BOM and separator': `\uFEFF---\n${HEAD}`,
  'BOM in the second document': `${HEAD}---\n\uFEFF${HEAD}`,
  'YAML directive': `%YAML 1.1\n---\n${HEAD}`,
  'YAML 1.2 directive': `%YAML 1.2\n---\n${HEAD}`,
  'TAG directive': `%TAG !e! tag:yaml.org,2002:\n---\n${HEAD}data:\n  a: !e!str 12\n`,
  'tabs as indentation': `${HEAD}data:\n\ta: 1\n`,
  'list of maps at the key': `${HEAD}data:\n- a: 1\n- b: 2\n`,
  JSON: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"0400","b":1e3}}',
  'JSON, indented by tabs':
    '\n{\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap",\n\t"metadata": {"name": "a"}\n}\n',
  'JSON, two': '{"apiVersion":"v1","kind":"A"}{"apiVersion":"v1","kind":"B"}',
  'JSON, three and a mistake':
    '{"apiVersion":"v1","kind":"A"}\n{"apiVersion":"v1","kind":"B"}\n{"apiVersion":"v1","kind":"C"}\n{a}',
  'JSON then YAML': `{"apiVersion":"v1","kind":"A"}\n---\n${HEAD}`,
  'JSON with a trailing comma': '{"apiVersion":"v1","kind":"A",}',
  'JSON with a slash': '{"apiVersion":"v1","kind":"A","a":"\\/\\ud83d\\ude00"}',
  'JSON with half a surrogate': '{"apiVersion":"v1","kind":"A","a":"\\ud83d"}',
  'JSON with a duplicate': '{"apiVersion":"v1","kind":"A","a":1,"a":2}',
  'JSON with __proto__': '{"apiVersion":"v1","kind":"A","__proto__":{"a":1}}',
  'JSON with a comment': '{"apiVersion":"v1", # a\n"kind":"A"}',
  'flow map': '{apiVersion: v1, kind: A, a: 0400}',
  'flow map over lines': '{\napiVersion: v1,\nkind: A\n}\n',
  'list kind': `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: A\n- apiVersion: v1\n  kind: B\n`,
  'list of a kind': `apiVersion: v1\nkind: ConfigMapList\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n`,
};

export const TABLE: readonly Row[] = [
  ...SCALARS.map((scalar) => ({
    name: `value ${JSON.stringify(scalar)}`,
    text: `${HEAD}data:\n  v: ${scalar}\n`,
  })),
  ...KEYS.map((key) => ({
    name: `key ${JSON.stringify(key)}`,
    text: `${HEAD}x: &x z\ndata:\n  ${key}: v\n`,
  })),
  ...Object.entries(OTHERS).map(([name, text]) => ({ name, text })),
];
