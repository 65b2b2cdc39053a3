import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answer } from '../../src/admission/answer.ts';
import { parseReview } from '../../src/admission/review.ts';
import { rolesFrom } from '../../src/rbac/roles.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { admissionPolicies, FIXTURE_DAY, fixturesOf, strictSettings } from '../support/fixtures.ts';
import { responseOf, reviewFor } from '../support/reviews.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp('silent');
});
afterAll(() => app.close());

describe.each(admissionPolicies.map(({ meta }) => meta.id))('the fixtures of %s', (id) => {
  it('get the same answer through HTTPS as in process', async () => {
    for (const fixture of fixturesOf(id)) {
      const settings = strictSettings(fixture);
      const facts = { now: FIXTURE_DAY, roles: rolesFrom(fixture.documents) };
      app.settings = settings;
      app.facts = () => facts;
      const told: string[] = [];
      for (const document of fixture.documents) {
        const review = reviewFor(document);
        const { text, status } = await app.send({ body: JSON.stringify(review) });
        const { response, verdict } = answer(parseReview(review), settings, facts);

        expect(status).toBe(200);
        expect(responseOf(text)).toEqual(response);
        const own = verdict.findings.filter(({ policy }) => policy === id);
        told.push(...own.map(({ path }) => path));
        for (const { path, mode } of own) {
          expect(response.auditAnnotations?.['findings']).toContain(`${id} ${path} (${mode})`);
        }
      }
      expect(told).toEqual(fixture.expected.map(({ path }) => path));
    }
  });
});
