import type { Report } from '../engine/policy.ts';
import { literal, series } from '../engine/safe-text.ts';
import type { Subject } from '../engine/subject.ts';
import { rulesOf, secretGrants, wildcards } from './rules.ts';
import { secretAccess } from './secret-access.ts';

/** Reports each rule that grants get on every Secret: message `rule`, or `wildcard` where `*` stands in it. */
export function* reportUnnamedGet(role: Subject): Generator<Report> {
  for (const rule of rulesOf(role.object)) {
    if (!secretAccess(rule)?.unnamed.includes('get')) continue;
    const fields = wildcards(rule);
    yield {
      message: fields.length === 0 ? 'rule' : 'wildcard',
      at: rule.at,
      params: { fields: series(fields) },
      referent: [],
      grants: secretGrants(rule, [literal('get')]),
    };
  }
}
