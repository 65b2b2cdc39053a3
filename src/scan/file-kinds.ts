import type { Subject } from '../engine/subject.ts';

/** Every kind of the groups that components of Kubernetes read from files. */
const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['audit.k8s.io', ['Policy', 'PolicyList', 'Event', 'EventList']],
  [
    'apiserver.config.k8s.io',
    [
      'AdmissionConfiguration',
      'AuthenticationConfiguration',
      'AuthorizationConfiguration',
      'EncryptionConfiguration',
      'TracingConfiguration',
    ],
  ],
  [
    'kubeadm.k8s.io',
    [
      'ClusterConfiguration',
      'ClusterStatus',
      'InitConfiguration',
      'JoinConfiguration',
      'ResetConfiguration',
      'UpgradeConfiguration',
    ],
  ],
]);

/** A word on a kind that its group does not have: a slip of the pen would pass for clean. */
export function unknownKind({ group, kind }: Subject): string | undefined {
  const kinds = KINDS.get(group);
  if (kinds === undefined || kinds.includes(kind)) return undefined;
  return `is of no kind that ${group} is known to have (${kinds.join(', ')}), so it is not judged`;
}
