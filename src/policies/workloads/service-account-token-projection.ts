import type { PolicyModule, Report } from '../../engine/policy.ts';
import { count, name } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { POD, WORKLOADS } from '../../kubernetes/resources.ts';
import { isInjectedToken } from '../../kubernetes/token-volumes.ts';

const HOUR = 3600;

/**
 * Forbidden: a projected `serviceAccountToken` with `expirationSeconds` over 3600, or without an audience.
 * Allowed:   3600 and less (the API's least is 600), unset (the API sets 3600); the volume that the
 *            ServiceAccount admission plugin injects into a Pod that does not refuse it, known by its
 *            exact content.
 * Without an audience the token is one for the API server.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/core/v1/defaults.go `SetDefaults_ServiceAccountTokenProjection`
 */
export const policy = {
  meta: {
    id: 'service-account-token-projection',
    title: 'Projected token that lives long or is for any reader',
    practice: 'Short-lived credentials',
    rationale:
      'A token without an audience is good for the API server itself, so any service that it is shown to can act as the pod. A token that lives for days is good for as long to whoever copies it, while the kubelet would renew a short one by itself.',
    remediation:
      'Name who verifies the token in `audience` (for the API server, its own: `kubectl get --raw /.well-known/openid-configuration` tells the issuer) and keep `expirationSeconds` at 3600 or less; read the file anew for each use.',
    whenNotToUse:
      'For programs that read the token once and run longer than an hour. Grant that workload an exception with an owner and an expiry.',
    severity: 'low',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Service account token volume projection',
        url: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#launch-a-pod-using-service-account-token-projection',
      },
    ],
    messages: {
      'long-lived': {
        message:
          'the token in volume {volume} lives {seconds} seconds: whoever copies it can use it for as long, though the kubelet would renew a shorter one',
        fix: 'serviceAccountToken: {path: <as before>, audience: <who verifies it>, expirationSeconds: 3600}',
      },
      'no-audience': {
        message:
          'the token in volume {volume} has no audience, so it is one for the API server: any service that it is shown to can act as this pod',
        fix: 'serviceAccountToken: {path: <as before>, audience: <who verifies it>, expirationSeconds: 3600}',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const { spec, volumes } of podTemplates(subject)) {
      const mayBeInjected =
        isPod(subject) && spec.get('automountServiceAccountToken').value !== false;
      for (const volume of volumes) {
        if (mayBeInjected && isInjectedToken(volume)) continue;
        const named = { volume: name(volume.get('name')) };
        for (const source of volume.at('projected', 'sources').items()) {
          const token = source.get('serviceAccountToken');
          if (!token.present) continue;
          const life = token.get('expirationSeconds');
          const seconds = life.number() ?? HOUR;
          if (seconds > HOUR) {
            const params = { ...named, seconds: count(seconds) };
            yield { message: 'long-lived', at: life, params, referent: [params.seconds] };
          }
          const audience = token.get('audience');
          if (audience.present && audience.text() !== '') continue;
          yield { message: 'no-audience', at: audience, params: named, referent: [] };
        }
      }
    }
  },
} satisfies PolicyModule;

/** The plugin injects into Pods alone: the same volume in a template is its author's. */
function isPod({ group, kind }: Subject): boolean {
  return group === POD.group && kind === POD.kind;
}
