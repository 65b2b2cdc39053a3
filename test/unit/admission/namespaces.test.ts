// A Namespace is in itself: what is configured for a namespace counts for its Namespace object too.
import { describe, expect, it } from '@jest/globals';
import { answer } from '../../../src/admission/answer.ts';
import { parseReview } from '../../../src/admission/review.ts';
import { loadConfiguration } from '../../../src/config/load.ts';
import { judge } from '../../../src/engine/judge.ts';
import type { PolicyModule } from '../../../src/engine/policy.ts';
import type { Settings } from '../../../src/engine/settings.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { NAMESPACE } from '../../../src/kubernetes/resources.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { startClusterScan } from '../../../src/scan/cluster.ts';
import { reviewFor } from '../../support/reviews.ts';

const HEAD = 'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n';
const NOW = Date.UTC(2026, 10, 24);
const [model] = catalogue;

/** Finds something in every Namespace. */
const policy: PolicyModule = {
  meta: {
    ...(model as PolicyModule).meta,
    id: 'every-namespace',
    appliesTo: { resources: [NAMESPACE], operations: ['CREATE', 'UPDATE'] },
    modes: { baseline: 'deny', strict: 'deny' },
    needs: [],
    messages: { here: { message: 'is here', fix: 'none' } },
  },
  *check({ object }) {
    yield { message: 'here', at: object.get('metadata'), params: {}, referent: [] };
  },
};

const settings = (yaml: string): Settings => ({
  ...loadConfiguration(HEAD + yaml, 'test.yaml'),
  policies: [{ policy, options: {} }],
});
const namespace = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
});
const SHOP = 'namespaces: [{ match: [shop], profile: permissive }]';

describe('a Namespace takes the modes of the namespace that it is', () => {
  it.each([
    [SHOP, 'shop', 'warn'],
    [SHOP, 'till', 'deny'],
    ['namespaces: [{ match: ["sh*"], profile: permissive }]', 'shop', 'warn'],
  ])('%s: %s: %s', (yaml, name, mode) => {
    const given = settings(yaml);
    const object = namespace(name);
    // The API server gives the name of a Namespace as its namespace, on CREATE and UPDATE alike.
    const reviews = [
      { namespace: name },
      { namespace: name, operation: 'UPDATE', oldObject: { ...namespace(name), spec: {} } },
    ].map((request) => parseReview(reviewFor(object, request)));
    const scan = startClusterScan({ settings: given, now: NOW, context: 'test' });
    scan.add({ ...NAMESPACE, version: 'v1', isWorkload: false }, [object]);
    const alone = judge({ subject: subjectOf(object) }, given, { now: NOW });

    expect(alone.findings).toMatchObject([{ path: 'metadata', mode }]);
    expect(scan.finish().findings).toMatchObject([{ path: 'metadata', mode }]);
    for (const review of reviews) {
      const { verdict } = answer(review, given, { now: NOW });
      expect(verdict.findings.map(({ fingerprint }) => fingerprint)).toEqual(
        alone.findings.map(({ fingerprint }) => fingerprint),
      );
    }
    expect(answer(reviews[0] as never, given, { now: NOW }).verdict.findings).toMatchObject([
      { mode },
    ]);
  });

  it('and an exception by its name alone, in admission too', () => {
    const given = settings(
      "exceptions: [{policies: [secret-env-ref], kind: Namespace, name: shop, paths: ['*'], owner: o, reason: r, expires: 2026-12-01}]",
    );
    const [exception] = given.exceptions;
    const exceptions =
      exception === undefined ? [] : [{ ...exception, policies: [policy.meta.id] }];
    const review = parseReview(reviewFor(namespace('shop'), { namespace: 'shop' }));

    expect(answer(review, { ...given, exceptions }, { now: NOW }).verdict.findings).toMatchObject([
      { mode: 'audit', excuse: 'exception' },
    ]);
  });
});
