import { describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../../../src/config/load.ts';
import type { ReportedAccess } from '../../../src/scan/report.ts';
import { startScan } from '../../../src/scan/scan.ts';

const head = (kind: string, name: string, rest = ''): string =>
  `---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: {name: ${name}${rest}}\n`;
const rule = (verbs: string, names = '', resources = 'secrets', group = "''"): string =>
  `- {apiGroups: [${group}], resources: [${resources}], verbs: [${verbs}]${names === '' ? '' : `, resourceNames: [${names}]`}}\n`;
const role = (kind: string, name: string, ...rules: readonly string[]): string =>
  `${head(kind, name)}rules:\n${rules.join('')}`;
const binding = (kind: string, roleKind: string, roleName: string, subject: string): string =>
  `${head(kind, 'b')}roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${roleKind}, name: ${roleName}}\nsubjects: [{${subject}}]\n`;
const JANE = 'kind: User, name: jane';

function access(...texts: readonly string[]): ReportedAccess {
  const scan = startScan({ settings: defaultSettings(), now: 0, namespace: 'shop' });
  for (const [index, text] of texts.entries()) {
    scan.add({ file: `${index}.yaml`, text, named: true });
  }
  return scan.finish().access;
}

/** `who: verbs on names in namespace via ways`. */
const told = ({ grants }: ReportedAccess): string[] =>
  grants.map(({ reader, verbs, names, namespace, ways }) =>
    [
      reader.name,
      verbs.join('/') || `by ${ways.join(', ')}`,
      names.join('+') || 'every Secret',
      namespace || 'everywhere',
    ].join(' | '),
  );

describe('who can read Secrets', () => {
  it.each([
    [
      'a ClusterRoleBinding in every namespace',
      binding('ClusterRoleBinding', 'ClusterRole', 'r', JANE),
      [rule('get, list')],
      ['jane | get/list | every Secret | everywhere'],
    ],
    [
      'a RoleBinding in its own namespace alone',
      binding('RoleBinding', 'ClusterRole', 'r', JANE),
      [rule('"*"')],
      ['jane | get/list/watch/update/patch/delete/deletecollection | every Secret | shop'],
    ],
    [
      'named Secrets, those with the same verbs together',
      binding('RoleBinding', 'ClusterRole', 'r', JANE),
      [rule('get', 'b, a'), rule('get, watch', 'c')],
      ['jane | get | a+b | shop', 'jane | get/watch | c | shop'],
    ],
    [
      'a name beside every Secret, each verb once',
      binding('RoleBinding', 'ClusterRole', 'r', JANE),
      [rule('get'), rule('get, list', 'a')],
      ['jane | get | every Secret | shop', 'jane | list | a | shop'],
    ],
    [
      'an empty name, which leaves a list open',
      binding('RoleBinding', 'ClusterRole', 'r', JANE),
      [rule('list, get', '""')],
      ['jane | list | every Secret | shop'],
    ],
    [
      'a way around',
      binding('RoleBinding', 'ClusterRole', 'r', JANE),
      [rule('create', '', 'pods'), rule('get', '', 'nodes/proxy')],
      ['jane | by create on pods | every Secret | shop'],
    ],
    [
      'a role that only creates Secrets',
      binding('RoleBinding', 'ClusterRole', 'r', JANE),
      [rule('create')],
      [],
    ],
    [
      'secrets/* and */*',
      binding('RoleBinding', 'ClusterRole', 'r', JANE),
      [rule('get', '', '"secrets/*", "*/*"')],
      [],
    ],
    [
      'another group',
      binding('RoleBinding', 'ClusterRole', 'r', JANE),
      [rule('get', '', 'secrets', 'apps')],
      [],
    ],
  ])('tells of %s', (_, bound, rules, expected) => {
    expect(told(access(bound, role('ClusterRole', 'r', ...rules)))).toEqual(expected);
  });

  it.each([
    ['cluster-admin', true],
    ['admin', true],
    ['edit', true],
    ['view', false],
  ])('knows the built-in %s', (name, reads) => {
    const { grants, unknown } = access(binding('ClusterRoleBinding', 'ClusterRole', name, JANE));

    expect([grants.length === 1, unknown]).toEqual([reads, []]);
    if (reads) expect(grants[0]?.role).toEqual({ kind: 'ClusterRole', name, builtIn: true });
  });

  it('sees what is aggregated into view, and so into edit', () => {
    const added = `${head('ClusterRole', 'x', ', labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}')}rules:\n${rule('get', 'a')}`;

    expect(told(access(binding('RoleBinding', 'ClusterRole', 'view', JANE), added))).toEqual([
      'jane | get | a | shop',
    ]);
  });

  it('says of a role that is not in the input that it is not known', () => {
    const { bindings, grants, unknown } = access(binding('RoleBinding', 'Role', 'gone', JANE));

    expect([bindings, grants]).toEqual([1, []]);
    expect(unknown).toEqual([
      {
        reader: { kind: 'User', namespace: '', name: 'jane' },
        binding: {
          kind: 'RoleBinding',
          namespace: 'shop',
          name: 'b',
          file: '0.yaml',
          line: 5,
          column: 1,
        },
        role: { kind: 'Role', name: 'gone', builtIn: false },
      },
    ]);
  });

  it('takes a Role of its own namespace only', () => {
    const other = role('Role', 'r', rule('get')).replace('name: r', 'name: r, namespace: other');
    const { grants, unknown } = access(binding('RoleBinding', 'Role', 'r', JANE), other);

    expect([grants.length, unknown.length]).toEqual([0, 1]);
  });

  it('names the crowd behind a group, and the ServiceAccount behind a user', () => {
    const by = (subject: string) =>
      access(binding('RoleBinding', 'ClusterRole', 'edit', subject)).grants[0]?.reader;

    expect(by('kind: Group, name: "system:authenticated"')?.standsFor).toBe(
      'every user and ServiceAccount of the cluster',
    );
    expect(by('kind: User, name: "system:serviceaccount:a:app"')).toEqual({
      kind: 'ServiceAccount',
      namespace: 'a',
      name: 'app',
    });
    expect(by('kind: ServiceAccount, name: app')?.namespace).toBe('shop');
    expect(by('kind: Robot, name: x')).toBeUndefined();
  });

  it('keeps names printable', () => {
    const { grants } = access(
      binding('RoleBinding', 'ClusterRole', 'r', 'kind: User, name: "a\\u202eb\\e[31m"'),
      role('ClusterRole', 'r', rule('get', '"\\u2066x"')),
    );

    expect(grants[0]?.reader.name).toBe('a\\u{202e}b\\u{1b}[31m');
    expect(grants[0]?.names).toEqual(['\\u{2066}x']);
  });
});
