import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  isEnvironment,
  isEnvironmentName,
  readEnvironment,
} from '../../../src/scan/environment.ts';

const variables = (text: string): unknown => {
  const value = readEnvironment(text).documents[0]?.value as Record<string, unknown>;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key.startsWith('ETCD_')));
};

describe('a file of variables', () => {
  it.each([
    'etcd.env',
    '/etc/etcd.env',
    'etcd-events.env',
    'etc/etcd/etcd.conf',
    '/etc/default/etcd',
  ])('is known by its name: %s', (name) => {
    expect(isEnvironmentName(name)).toBe(true);
  });

  it.each([
    '.env',
    'app.env',
    'etcd.yaml',
    'etcd.conf.yml',
    'etcd',
    'my-etcd.env.bak',
    'netcd.env',
  ])('is not: %s', (name) => {
    expect(isEnvironmentName(name)).toBe(false);
  });

  it.each([
    ['# a\nETCD_NAME=a\n\nexport OTHER="b c"\n', true],
    ['OTHER=b\n', false],
    ['ETCD_NAME=a\nkind: Pod\n', false],
    ['data:\n  etcd.env: |\n    ETCD_NAME=a\n', false],
    ['', false],
  ])('is known by its content: %j', (text, expected) => {
    expect(isEnvironment(text)).toBe(expected);
  });

  it.each([
    ['ETCD_A="x y"', { ETCD_A: 'x y' }],
    ["ETCD_A='x'", { ETCD_A: 'x' }],
    ['ETCD_A=x=y', { ETCD_A: 'x=y' }],
    ['ETCD_A=', { ETCD_A: '' }],
    [' export ETCD_A=x\r\n', { ETCD_A: 'x' }],
    ['; ETCD_A=x\n# ETCD_A=y\n', {}],
    ['ETCD_A=x,\\\ny\nETCD_B=z', { ETCD_A: 'x,y', ETCD_B: 'z' }],
    ['PASSWORD=x\nETCDCTL_CERT=y', {}],
    ['ETCD_A=x\nETCD_A=y', { ETCD_A: 'y' }],
  ])('%j gives what systemd gives', (text, expected) => {
    expect(variables(text)).toEqual(expected);
  });

  it('gives the line of each variable, of each that stands twice and of each that is none', () => {
    const { documents, unreadable } = readEnvironment(
      '# a\n\nETCD_A=1\n ETCD_B=2\nETCD_A=3\nx y\n',
    );
    const [document] = documents;

    expect(document?.place(['ETCD_A'])).toEqual({ line: 5, column: 1 });
    expect(document?.place(['ETCD_B'])).toEqual({ line: 4, column: 2 });
    expect(document?.place(['ETCD_C'])).toEqual(document?.place([]));
    expect(document?.repeated).toEqual([{ line: 5, column: 1 }]);
    expect(unreadable.map(({ position }) => position)).toEqual([{ line: 6, column: 1 }]);
  });

  it('of whatever text never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        isEnvironment(text);
        readEnvironment(`ETCD_A=${text}`);
      }),
    );
  });
});
