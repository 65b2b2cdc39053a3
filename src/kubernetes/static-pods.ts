import type { Subject } from '../engine/subject.ts';
import { POD } from './resources.ts';

const MIRROR = 'kubernetes.io/config.mirror';

/**
 * The node whose kubelet runs a Pod from a file of its own, where the Pod is but the mirror that the API shows.
 * The API server lets nobody write the annotation into a Pod that names a ServiceAccount or a Secret or
 * projects a token, and adds none; later nobody can add it.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/plugin/pkg/admission/serviceaccount/admission.go `Validate`
 */
export function staticPodNode({ group, kind, object }: Subject): string | undefined {
  if (group !== POD.group || kind !== POD.kind) return undefined;
  const metadata = object.get('metadata');
  if (!metadata.get('uid').present) return undefined;
  if (!metadata.get('annotations').get(MIRROR).present) return undefined;
  const owner = metadata
    .get('ownerReferences')
    .items()
    .find((reference) => reference.get('controller').flag() === true);
  const isNode = owner?.get('kind').text() === 'Node' && owner.get('apiVersion').text() === 'v1';
  const node = object.at('spec', 'nodeName').text();
  return isNode && owner.get('name').text() === node ? node : undefined;
}
