import type { PolicyModule, Report } from '../../engine/policy.ts';
import { SECRET } from '../../kubernetes/resources.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Forbidden: the last-applied-configuration annotation on a Secret.
 * Allowed:   every other annotation. The annotation's content is never read.
 */
export const policy = {
  meta: {
    id: 'secret-last-applied',
    title: 'Secret data repeated in its metadata',
    practice: 'No secrets in Git or plain configuration',
    rationale:
      'Client-side `kubectl apply` writes the whole manifest, data included, into an annotation: plain metadata that dashboards, backups and metadata-only readers show, and that keeps the values after `data` is rotated by other means.',
    remediation:
      'Remove the annotation once (`kubectl annotate secret NAME kubectl.kubernetes.io/last-applied-configuration-`), then use `kubectl apply --server-side` or `kubectl create`. Server-side apply alone keeps rewriting an annotation that is there.',
    whenNotToUse: 'While a pipeline that cannot use server-side apply still manages Secrets.',
    severity: 'medium',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: [SECRET], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Server-side apply',
        url: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/',
      },
    ],
    messages: {
      annotation: {
        message:
          'the last-applied-configuration annotation repeats the data of this Secret in plain metadata, where it outlives a rotation',
        fix: 'remove the annotation, then kubectl apply --server-side',
      },
    },
  },

  *check(subject): Iterable<Report> {
    const at = subject.object.at('metadata', 'annotations', LAST_APPLIED);
    if (at.present) yield { message: 'annotation', at, params: {}, referent: [] };
  },
} satisfies PolicyModule;
