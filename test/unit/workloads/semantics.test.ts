import { describe, expect, it } from '@jest/globals';
import type { Evaluation } from '../../../src/engine/evaluate.ts';
import type { Finding } from '../../../src/engine/finding.ts';
import { hadBefore } from '../../../src/engine/ratchet.ts';
import { fingerprints, fired, judged, pod } from './workloads.ts';

const secretPod = (secret: object, mount: object = {}): object =>
  pod({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true },
    containers: [
      { name: 'app', volumeMounts: [{ name: 'db', mountPath: '/db', readOnly: true, ...mount }] },
    ],
    volumes: [{ name: 'db', secret }],
  });

const messages = (object: object): string[] =>
  judged(object).findings.map(({ message }) => message);

describe('secret-volume-mode', () => {
  it('finds the same in a manifest as in what the API server makes of it', () => {
    const written = secretPod({ secretName: 'db' });
    const stored = secretPod({ secretName: 'db', defaultMode: 420 });

    expect(fingerprints(written)).toEqual(fingerprints(stored));
    expect(messages(written)).toEqual(messages(stored));
  });

  it('takes another Secret, mode or key for another finding', () => {
    const items = (key: string): object => ({ items: [{ key, path: 'file', mode: 0o444 }] });
    const found = [
      secretPod({ secretName: 'db' }),
      secretPod({ secretName: 'mail' }),
      secretPod({ secretName: 'db', defaultMode: 0o666 }),
      secretPod({ secretName: 'db', ...items('user') }),
      secretPod({ secretName: 'db', ...items('password') }),
    ].flatMap(fingerprints);

    expect(new Set(found).size).toBe(5);
  });

  it('judges no mode of a wrong type', () => {
    const { findings, unjudged } = judged(secretPod({ secretName: 'db', defaultMode: '0644' }));

    expect(findings).toEqual([]);
    expect(unjudged.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'spec.volumes[0].secret.defaultMode malformed',
    ]);
  });
});

describe('names of any length', () => {
  it('are cut wherever each finding below them would repeat them', () => {
    const long = 'x'.repeat(500_000);
    const env = Array.from({ length: 1000 }, () => ({
      name: 'A',
      valueFrom: { secretKeyRef: { name: long, key: long } },
    }));
    const spec = { [long]: { name: long, image: 'app', env } };
    const { findings } = judged({ apiVersion: 'example.com/v1', kind: 'Fleet', spec });

    expect(findings.length).toBeGreaterThanOrEqual(1000);
    // Keys are the object's own texts, not copies of them.
    for (const { keys, ...copied } of findings) {
      expect(keys.length).toBeLessThan(20);
      expect(JSON.stringify(copied).length).toBeLessThan(10_000);
    }
  });
});

describe('mounts', () => {
  it('are other findings with another Secret', () => {
    const secret = (secretName: string): object => ({ secretName, defaultMode: 0o400 });
    const found = ['db', 'mail'].flatMap((name) =>
      fingerprints(secretPod(secret(name), { readOnly: false, subPath: 'password' })),
    );

    expect(new Set(found).size).toBe(4);
  });

  it('tell the YAML that should stand there', () => {
    const { findings } = judged(
      secretPod({ secretName: 'db', defaultMode: 0o400 }, { readOnly: false, subPath: 'password' }),
    );

    expect(findings.map(({ fix }) => fix)).toEqual([
      expect.stringContaining(
        'volumeMounts: [{name: db, mountPath: /run/secrets/db, readOnly: true}]',
      ),
      'volumeMounts: [{name: db, mountPath: /db, subPath: <as before>, readOnly: true}]',
    ]);
  });
});

describe('secret-consumer-root', () => {
  const env = (...names: string[]): object[] =>
    names.map((name) => ({ name, valueFrom: { secretKeyRef: { name, key: 'key' } } }));
  const root = (...secrets: string[]): object =>
    pod({ containers: [{ name: 'app', env: env(...secrets) }] });
  const own = ({ findings }: Evaluation): Finding[] =>
    findings.filter(({ policy }) => policy === 'secret-consumer-root');
  const isOld = (after: object, before: object): boolean => {
    const now = judged(after);
    const had = hadBefore(now, judged(before));
    return own(now).every((finding) => had.has(finding));
  };

  it('tells a container once, with all that it gets', () => {
    expect(own(judged(root('mail', 'db'))).map(({ message }) => message)).toEqual([
      'container app gets Secret db, Secret mail and may run as root, if its image says so: file modes keep nothing from root',
    ]);
  });

  it('finds nothing new where a Secret is taken away, and something where one is added', () => {
    expect(isOld(root('db'), root('db', 'mail'))).toBe(true);
    expect(isOld(root('db', 'mail'), root('mail', 'db'))).toBe(true);
    expect(isOld(root('db', 'mail'), root('db'))).toBe(false);
    expect(isOld(root('mail'), root('db'))).toBe(false);
  });

  it('tells a Secret once, however a container gets it', () => {
    const spec = {
      containers: [{ name: 'app', env: env('db'), volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
      volumes: [{ name: 'v', secret: { secretName: 'db' } }],
    };

    expect(fired(pod(spec)).filter((each) => each.startsWith('secret-consumer-root'))).toEqual([
      'secret-consumer-root may-be-root',
    ]);
  });
});

describe('service-account-token-automount', () => {
  const path = '/var/run/secrets/kubernetes.io/serviceaccount';
  const admitted = { name: 'app', uid: '8f9e3c4e-0d4b-4f0b-9a44-5a0f0e3d5a10' };
  const injected = {
    name: 'kube-api-access-2xkqz',
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [
              {
                path: 'namespace',
                fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' },
              },
            ],
          },
        },
      ],
    },
  };
  const withToken = (name: string, volume: object = injected): object => ({
    containers: [{ name: 'app', volumeMounts: [{ name, mountPath: path }] }],
    volumes: [volume],
  });
  const unset = ['service-account-token-automount unset'];

  it('takes an admitted Pod without a token for one whose ServiceAccount says false', () => {
    const spec = { containers: [{ name: 'app' }] };

    expect(fired(pod(spec))).toEqual(unset);
    expect(fired(pod(spec, admitted))).toEqual([]);
    const template = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: admitted };
    expect(fired({ ...template, spec: { template: { spec } } })).toEqual(unset);
  });

  it('finds the injected token, which is the same finding as in the manifest', () => {
    const shown = pod({ ...withToken(injected.name), serviceAccountName: 'default' }, admitted);

    expect(fired(shown)).toEqual(unset);
    expect(fingerprints({ ...shown, metadata: { name: 'app' } })).toEqual(
      fingerprints(pod({ containers: [{ name: 'app' }] }, { name: 'app' })),
    );
  });

  it('knows the injected volume by all of its content', () => {
    const [token, ...others] = injected.projected.sources;
    const changed = [
      [token],
      [token, ...others, token],
      [{ serviceAccountToken: { expirationSeconds: 3608, path: 'token' } }, ...others],
      [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token', audience: '' } },
        ...others,
      ],
    ];
    for (const sources of changed) {
      const spec = withToken('a', { name: 'a', projected: { sources } });

      expect(fired(pod(spec, admitted))).toContain('service-account-token-projection no-audience');
    }
  });

  it('says whose token it is', () => {
    const containers = [{ name: 'app' }];
    const named = (spec: object): string => messages(pod({ containers, ...spec })).join();

    expect(named({})).toContain('ServiceAccount default, which all pods share');
    expect(named({ serviceAccountName: '' })).toContain('ServiceAccount default, which');
    expect(named({ serviceAccount: 'builder' })).toContain('ServiceAccount builder is mounted');
    expect(named({ automountServiceAccountToken: true })).toContain(
      'a token of ServiceAccount default, which',
    );
  });

  it('passes a pod that asks for the token of an account that it names', () => {
    const asking = { containers: [{ name: 'app' }], automountServiceAccountToken: true };

    expect(fired(pod({ ...asking, serviceAccountName: 'app' }))).toEqual([]);
    for (const serviceAccountName of ['default', '']) {
      expect(fired(pod({ ...asking, serviceAccountName }))).toEqual([
        'service-account-token-automount asked',
      ]);
    }
  });

  it('judges no flag of a wrong type', () => {
    const { findings, unjudged } = judged(
      pod({ containers: [{ name: 'app' }], automountServiceAccountToken: 'false' }),
    );

    expect(findings).toEqual([]);
    expect(unjudged.map(({ path: at }) => at)).toEqual(['spec.automountServiceAccountToken']);
  });
});
