import { describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../../../src/config/load.ts';
import { fixText } from '../../../src/fix/fix-text.ts';
import { readManifest } from '../../../src/yaml/manifest.ts';
import { fixed, GIVEN, left } from './fix.ts';

const pod = (spec: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: ${spec}\n`;
const REF = '{name: P, valueFrom: {secretKeyRef: {name: db, key: p}}}';
const env = (container: string, more = '', spec = 'securityContext: {fsGroup: 1}'): string =>
  pod(`{${spec}, containers: [{name: app, ${container}}]${more}}`);

describe('a fix leaves alone', () => {
  it.each([
    [
      'a mode of a pod without fsGroup',
      pod('{volumes: [{name: s, secret: {secretName: s}}]}'),
      /fsGroup/,
    ],
    [
      'a mode with which a file is executed',
      pod(
        '{securityContext: {fsGroup: 1}, volumes: [{name: s, secret: {secretName: s, defaultMode: 0555}}]}',
      ),
      /executed/,
    ],
    [
      'a mount of a CSI volume',
      pod(
        '{containers: [{name: a, volumeMounts: [{name: c, mountPath: /c}]}], volumes: [{name: c, csi: {driver: secrets-store.csi.k8s.io}}]}',
      ),
      /CSI/,
    ],
    [
      'a mount that comes by an alias',
      pod(
        '{initContainers: [{name: a, volumeMounts: &m [{name: c, mountPath: /c}]}], containers: [{name: b, volumeMounts: *m}], volumes: [{name: c, secret: {secretName: s, defaultMode: 0440}}]}',
      ),
      /alias/,
    ],
    [
      'a field that comes by a merge key',
      pod(
        '{x: &x {readOnly: false}, containers: [{name: b, volumeMounts: [{<<: *x, name: c, mountPath: /c}]}], volumes: [{name: c, secret: {secretName: s, defaultMode: 0440}}]}',
      ),
      /merge key/,
    ],
    [
      'automount where somebody wrote true',
      pod('{automountServiceAccountToken: true, containers: [{name: a}]}'),
      /says true/,
    ],
    [
      'automount of a pod with the volume that Kubernetes injects',
      pod(
        '{containers: [{name: a}], volumes: [{name: t, projected: {sources: [{serviceAccountToken: {expirationSeconds: 3607, path: token}}, {configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}}, {downwardAPI: {items: [{path: namespace, fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}]}}]}}]}',
      ),
      /injects/,
    ],
    [
      'a variable of a pod without fsGroup',
      env(`env: [${REF}]`, '', 'securityContext: {runAsUser: 5}'),
      /fsGroup/,
    ],
    [
      'a variable of a file that is there, but for root alone, in a pod without fsGroup',
      env(
        `env: [${REF}], volumeMounts: [{name: x, mountPath: /db, readOnly: true}]`,
        ', volumes: [{name: x, secret: {secretName: db, defaultMode: 0400}}]',
        'securityContext: {}',
      ),
      /secret-env-ref: the pod sets no fsGroup/,
    ],
    [
      'an optional variable',
      env('env: [{name: P, valueFrom: {secretKeyRef: {name: db, key: p, optional: true}}}]'),
      /optional/,
    ],
    [
      'a variable that another takes up',
      env(`env: [${REF}, {name: U, value: "http://$(P)@x"}]`),
      /another place/,
    ],
    [
      'a variable that a shell reads',
      env(`env: [${REF}], command: [sh, -c, 'run "$P"']`),
      /another place/,
    ],
    [
      'a variable that a probe reads',
      env(`env: [${REF}], livenessProbe: {exec: {command: [sh, -c, 'x $P']}}`),
      /another place/,
    ],
    ['a variable that is set twice', env(`env: [{name: P, value: x}, ${REF}]`), /twice/],
    [
      'a variable whose new name is taken',
      env(`env: [{name: P_FILE, value: /x}, ${REF}]`),
      /already/,
    ],
    [
      'a variable that envFrom may set too',
      env(`env: [${REF}], envFrom: [{configMapRef: {name: c}}]`),
      /envFrom/,
    ],
    [
      'a variable whose path is taken',
      env(
        `env: [${REF}], volumeMounts: [{name: e, mountPath: /var/run/secrets/db/x}]`,
        ', volumes: [{name: e, emptyDir: {}}]',
      ),
      /mounted at/,
    ],
    [
      'a variable below a mounted folder',
      env(
        `env: [${REF}], volumeMounts: [{name: e, mountPath: /run/}]`,
        ', volumes: [{name: e, emptyDir: {}}]',
      ),
      /mounted at/,
    ],
    [
      'a variable of an ephemeral container',
      pod(
        `{securityContext: {fsGroup: 1}, containers: [{name: a}], ephemeralContainers: [{name: e, env: [${REF}]}]}`,
      ),
      /ephemeral/,
    ],
    ['a variable of a Windows pod', env(`env: [${REF}]`, ', os: {name: windows}'), /Windows/],
    [
      'a variable of which another policy tells',
      env('env: [{name: AWS_SECRET_ACCESS_KEY, valueFrom: {secretKeyRef: {name: aws, key: k}}}]'),
      /static-cloud-credential/,
    ],
    [
      'a comment that would be lost',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  securityContext: {fsGroup: 1}\n  containers:\n  - name: a\n    env:\n    - name: P\n      valueFrom: # kept\n        secretKeyRef: {name: db, key: p}\n',
      /comment/,
    ],
  ])('%s, and says why', (_, text, reason) => {
    const extras = ['automount', 'env'] as const;
    const only = fixed(text, ...extras);

    expect(left(text, ...extras).join('\n')).toMatch(reason);
    expect(only.fixed.map(({ finding }) => finding.policy)).not.toContain('secret-env-ref');
    expect(readManifest(only.text).unreadable).toEqual([]);
  });

  it('what an exception excuses', () => {
    const settings = loadConfiguration(
      "apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\nexceptions: [{policies: [service-account-token-automount], kind: Pod, namespace: shop, name: a, paths: ['*'], owner: o, reason: r, expires: 2026-12-01}]",
      'c',
    );
    const text = pod('{containers: [{name: a}]}');

    expect(fixText(text, ['automount'], { ...GIVEN, settings }).text).toBe(text);
    expect(fixed(text, 'automount').text).toBe(
      pod('{containers: [{name: a}], automountServiceAccountToken: false}'),
    );
  });

  it('what is not asked for by name, and a file that is not read as a whole', () => {
    const text = env(`env: [${REF}]`);

    expect(fixed(text).text).toBe(text);
    expect(fixed(`${text}---\na: [`, 'env').text).toBe(`${text}---\na: [`);
  });
});

describe('a variable becomes a file', () => {
  const spec = (text: string): unknown => readManifest(fixed(text, 'env').text).documents[0]?.value;

  it('of a new volume with its key alone, beside volumes and claims of that name', () => {
    const text = env(`env: [${REF}]`, ', volumes: [{name: db, emptyDir: {}}]');

    expect(spec(text)).toMatchObject({
      spec: {
        containers: [
          {
            env: [{ name: 'P_FILE', value: '/run/secrets/db/p' }],
            volumeMounts: [{ name: 'db-2', mountPath: '/run/secrets/db', readOnly: true }],
          },
        ],
        volumes: [
          { name: 'db' },
          {
            name: 'db-2',
            secret: { secretName: 'db', defaultMode: 0o440, items: [{ key: 'p', path: 'p' }] },
          },
        ],
      },
    });
  });

  it('with mode 0400 in a container that is root', () => {
    const text = env(`env: [${REF}]`, '', 'securityContext: {runAsUser: 0}');

    expect(spec(text)).toMatchObject({ spec: { volumes: [{ secret: { defaultMode: 0o400 } }] } });
  });

  it('in a volume that containers share where they have the same keys, and only there', () => {
    const other = REF.replace('key: p', 'key: q');
    const text = pod(
      `{securityContext: {fsGroup: 1}, containers: [{name: a, env: [${REF}]}, {name: b, env: [${REF}]}, {name: c, env: [${other}]}]}`,
    );
    const mount = (name: string): object => ({ volumeMounts: [{ name }] });

    expect(spec(text)).toMatchObject({
      spec: { containers: [mount('db'), mount('db'), mount('db-2')], volumes: [{}, {}] },
    });
  });

  it('beside another field that is added behind the same one, on lines of their own in braces', () => {
    const text = pod(
      `{\n  containers: [{name: a, env: [${REF}]}],\n  securityContext: {fsGroup: 1} # last\n  }`,
    );
    const result = fixed(text, 'automount', 'env').text;

    expect(result).toMatch(
      /\{fsGroup: 1\}, # last\n {2}automountServiceAccountToken: false,\n {2}volumes: \[\{.*\}\]\n {2}\}\n$/,
    );
    expect(left(text, 'automount', 'env')).toEqual([]);
  });

  it('beside another field that is added behind the list of volumes, at the column of its dashes', () => {
    const text = pod(
      `\n  securityContext: {fsGroup: 1}\n  containers:\n  - name: a\n    env: [${REF}]\n  volumes:\n  - name: x\n    emptyDir: {}`,
    );
    const result = fixed(text, 'automount', 'env');

    expect(left(text, 'automount', 'env')).toEqual([]);
    expect(result.text).toMatch(
      /\n {2}- name: x\n {4}emptyDir: \{\}\n {2}- name: db\n(?: {4}.*\n)+ {2}automountServiceAccountToken: false\n$/,
    );
  });

  it('of a volume that shows it already', () => {
    const text = env(
      `env: [${REF}], volumeMounts: [{name: x, mountPath: /db, readOnly: true}]`,
      ', volumes: [{name: x, secret: {secretName: db, defaultMode: 0440}}]',
    );

    expect(fixed(text, 'env').text).toBe(text.replace(REF, '{name: P_FILE, value: /db/p}'));
  });
});
