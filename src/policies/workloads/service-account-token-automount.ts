import type { PolicyModule, Report } from '../../engine/policy.ts';
import { join, literal, name, type SafeText } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import type { PodTemplate } from '../../kubernetes/container.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { POD, WORKLOADS } from '../../kubernetes/resources.ts';
import { staticPodNode } from '../../kubernetes/static-pods.ts';
import { hasInjectedToken, masksToken } from '../../kubernetes/token-volumes.ts';

/**
 * Forbidden: `automountServiceAccountToken` left out in a pod spec; true for the ServiceAccount `default`.
 * Allowed:   true for a ServiceAccount that the pod names: it asks for that token. False, also with a
 *            projected token of the author's own; a pod each of whose containers mounts something else where
 *            the token would be; a Pod that the API server has admitted without a
 *            token, since its ServiceAccount then says false; the mirror of a static Pod, which has no
 *            ServiceAccount. In a custom kind that has only parts of a pod template, whatever is not said.
 * The pod's field counts over the ServiceAccount's, and no field at all means true.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/plugin/pkg/admission/serviceaccount/admission.go `shouldAutomount`
 */
export const policy = {
  meta: {
    id: 'service-account-token-automount',
    title: 'Service account token that the pod did not ask for',
    practice: 'Short-lived credentials',
    rationale:
      'Unless told otherwise, Kubernetes puts a token for its API into every container. Most programs never use it, but whoever breaks into one of them is that ServiceAccount towards the API server, with all that is ever granted to it.',
    remediation:
      'Set `automountServiceAccountToken: false` in the pod spec. A program that calls the API names a ServiceAccount of its own and says true, or better mounts a projected token, in the one container that needs it.',
    whenNotToUse:
      'Where every ServiceAccount says `automountServiceAccountToken: false`: only there can a pod leave it out and get none. A single manifest that cannot be changed gets an exception with an owner and an expiry.',
    severity: 'low',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Opt out of API credential automounting',
        url: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting',
      },
      {
        title: 'Service account token volume projection',
        url: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#launch-a-pod-using-service-account-token-projection',
      },
    ],
    messages: {
      unset: {
        message:
          'a token of {account} is mounted into every container, since automountServiceAccountToken is not set here (unless the ServiceAccount says false)',
        fix: 'automountServiceAccountToken: false in the pod spec; for a program that calls the API, serviceAccountName: <one of its own> and automountServiceAccountToken: true',
      },
      asked: {
        message:
          'automountServiceAccountToken: true mounts a token of {account} into every container: what is granted to it for one pod, all of them can do',
        fix: 'automountServiceAccountToken: false; for a program that calls the API, serviceAccountName: <one of its own> with it',
      },
    },
  },

  *check(subject): Iterable<Report> {
    if (staticPodNode(subject) !== undefined) return;
    for (const template of podTemplates(subject)) {
      const at = template.spec.get('automountServiceAccountToken');
      const asked = at.flag();
      if (asked === undefined && (at.present || !mountsByDefault(subject, template))) continue;
      if (asked === false || (template.whole && masksToken(template))) continue;
      const named = accountOf(template);
      if (asked === true && named !== undefined) continue;
      const account = named ?? DEFAULT_ACCOUNT;
      yield {
        message: asked === true ? 'asked' : 'unset',
        at,
        params: { account },
        referent: [account],
      };
    }
  },
} satisfies PolicyModule;

const DEFAULT_ACCOUNT = literal('ServiceAccount default, which all pods share that name none,');

/** Whether a pod that says nothing gets a token, as far as it can be known without its ServiceAccount. */
function mountsByDefault({ group, kind, object }: Subject, template: PodTemplate): boolean {
  const isPod = group === POD.group && kind === POD.kind;
  const isAdmitted = isPod && object.at('metadata', 'uid').present;
  return template.whole && (!isAdmitted || hasInjectedToken(template));
}

/** The ServiceAccount that a pod names, by its field or by the deprecated one that the API server keeps equal. */
function accountOf({ spec }: PodTemplate): SafeText | undefined {
  const [account] = ['serviceAccountName', 'serviceAccount']
    .map((key) => spec.get(key))
    .filter((field) => (field.text() ?? '') !== '');
  if (account === undefined || account.value === 'default') return undefined;
  return join(' ', [literal('ServiceAccount'), name(account)]);
}
