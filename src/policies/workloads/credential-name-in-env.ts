import { looksLikeCredentialLiteral } from '../../detect/literal.ts';
import { tellsCredential } from '../../detect/names.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { name } from '../../engine/safe-text.ts';
import { containerOf, containerText } from '../../kubernetes/container.ts';
import { containers } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';

/**
 * Forbidden: `env[].value` with a literal, where the name tells of a credential: `DB_PASSWORD`, `apiKey`.
 * Allowed:   names that tell of something about it (`PASSWORD_FILE`, `SECRET_NAME`, `TOKEN_TTL`); values that
 *            are no credential: `$(VAR)`, paths, URLs without a password, images, switches, numbers (but for
 *            passwords), durations, empty and placeholder values.
 */
export const policy = {
  meta: {
    id: 'credential-name-in-env',
    title: 'Environment variable named as a credential, with a literal value',
    practice: 'No secrets in Git or plain configuration',
    rationale:
      'What a password is called tells what it is, even where its format does not. Written into a pod template it is read by everybody who may view the namespace, and stays in Git, in old ReplicaSets and in Helm releases.',
    remediation:
      'Change the credential, put the new one in a Secret, and mount it as a file; many programs take its path from a variable with `_FILE` behind the name.',
    whenNotToUse:
      'For values that are public by design, such as the well-known password of a local test database. Grant that workload an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['credential-in-env', 'static-cloud-credential'],
    references: [
      {
        title: 'Distribute credentials securely using Secrets',
        url: 'https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/',
      },
    ],
    messages: {
      'literal-value': {
        message:
          'env {variable} of {container} is named as a credential and has its value written out: everybody who may view the namespace reads it',
        fix: 'put it in a Secret and mount that: volumes: [{name: credentials, secret: {secretName: <Secret>, defaultMode: 0440}}], with the path in {variable}_FILE where the program takes it',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const container of containers(subject)) {
      for (const variable of container.field.get('env').items()) {
        const at = variable.get('value');
        const field = variable.get('name');
        const key = field.text() ?? '';
        // Only there the value is read: in a custom kind, another may have another type.
        if (!tellsCredential(key) || !looksLikeCredentialLiteral(key, at.text() ?? '')) continue;
        yield {
          message: 'literal-value',
          at,
          ...containerOf(container),
          params: { container: containerText(container), variable: name(field) },
          referent: [],
        };
      }
    }
  },
} satisfies PolicyModule;
