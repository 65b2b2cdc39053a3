import { describe, expect, it } from '@jest/globals';
import { found } from '../secrets/secrets.ts';

const store = (provider: unknown, fields: object = {}): object => ({
  apiVersion: 'external-secrets.io/v1beta1',
  kind: 'ClusterSecretStore',
  metadata: { name: 's' },
  spec: { provider, ...fields },
});

describe('secret-store-static-credential', () => {
  const ref = { name: 'k', key: 'k' };
  const id = 'secret-store-static-credential';

  it.each([
    [{ ibm: { auth: { secretRef: { secretApiKeySecretRef: ref } } } }, 'ibm.auth.secretRef'],
    [{ oracle: { auth: { secretRef: { privatekey: ref } } } }, 'oracle.auth.secretRef'],
    [{ alibaba: { auth: { secretRef: {} } } }, 'alibaba.auth.secretRef'],
    [{ conjur: { auth: { apikey: { apiKeyRef: ref } } } }, 'conjur.auth.apikey'],
    [{ doppler: { auth: { secretRef: { dopplerToken: ref } } } }, 'doppler.auth.secretRef'],
    [{ kubernetes: { authRef: ref } }, 'kubernetes.authRef'],
    [{ kubernetes: { auth: { token: { bearerToken: ref } } } }, 'kubernetes.auth.token'],
    [{ vault: { auth: { ldap: { secretRef: ref } } } }, 'vault.auth.ldap'],
    [{ vault: { auth: { iam: { secretRef: {} } } } }, 'vault.auth.iam.secretRef'],
  ])('tells of %j', (provider, path) => {
    expect(found(id, store(provider))).toEqual([`static-login spec.provider.${path}`]);
  });

  it.each([
    { oracle: { principalType: 'InstancePrincipal', auth: { secretRef: { privatekey: ref } } } },
    { azurekv: { authType: 'ManagedIdentity', authSecretRef: { clientSecret: ref } } },
    { vault: { auth: { cert: { clientCert: ref, secretRef: ref } } } },
    { kubernetes: { auth: { serviceAccount: { name: 's' } } } },
    { fake: { data: [] } },
    {},
    null,
  ])('passes %j', (provider) => {
    expect(found(id, store(provider))).toEqual([]);
  });
});

describe('cluster-secret-store-scope', () => {
  const regexes = (...namespaceRegexes: unknown[]): string[] =>
    found('cluster-secret-store-scope', store({}, { conditions: [{ namespaceRegexes }] }));

  it.each(['', '^', '$', '.*', '.+', '^.*$', '(.*)', '^(.+)$'])('%j is every name', (text) => {
    expect(regexes(text)).toHaveLength(1);
  });

  it.each(['^$', 'shop', 'shop-.*', '^.*-shop$', 'none', '[a-z]'])('%j is some names', (text) => {
    expect(regexes(text)).toEqual([]);
  });

  it('judges no expression of another type', () => {
    expect(regexes(7, null)).toEqual([]);
  });
});
