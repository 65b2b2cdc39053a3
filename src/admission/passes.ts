import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../engine/field.ts';
import { CLUSTER_ROLE, ROLE } from '../kubernetes/resources.ts';
import type { AdmissionRequest } from './review.ts';

/** Why a request passes without being judged, whatever its object holds. */
export type Pass = 'delete' | 'subresource' | 'metadata-only';

type JsonObject = Readonly<Record<string, unknown>>;

/** Requests that must always pass, so that the webhook never stands in the way of a cluster's life. */
export function passFor(request: AdmissionRequest): Pass | undefined {
  const { operation, subresource, object, oldObject } = request;
  if (operation === 'DELETE') return 'delete';
  if (subresource === 'status' || subresource === 'scale') return 'subresource';
  if (operation !== 'UPDATE' || !isJsonObject(object) || !isJsonObject(oldObject)) return undefined;
  return isHousekeeping(request, object, oldObject) ? 'metadata-only' : undefined;
}

/**
 * Only finalizers, ownerReferences and the like changed; or the object is being deleted and only its
 * metadata changed. A role that is being deleted still grants, and its labels may aggregate it into
 * another, so roles have the first only (as the API server's own IsOnlyMutatingGCFields).
 */
function isHousekeeping(request: AdmissionRequest, object: JsonObject, old: JsonObject): boolean {
  const before = metadataOf(old);
  const grants = request.group === ROLE.group && GRANTING.has(request.kind);
  const anyMetadata = before['deletionTimestamp'] !== undefined && !grants;
  if (!anyMetadata && !equalExcept(GC_FIELDS, metadataOf(object), before)) return false;
  return equalExcept(OUTSIDE_SPEC, object, old);
}

const GRANTING: ReadonlySet<string> = new Set([ROLE.kind, CLUSTER_ROLE.kind]);
const OUTSIDE_SPEC: ReadonlySet<string> = new Set(['metadata', 'status']);
const GC_FIELDS: ReadonlySet<string> = new Set([
  'finalizers',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
]);

function metadataOf(object: JsonObject): JsonObject {
  const metadata = Object.hasOwn(object, 'metadata') ? object['metadata'] : undefined;
  return isJsonObject(metadata) ? metadata : {};
}

function equalExcept(left: ReadonlySet<string>, a: JsonObject, b: JsonObject): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  const own = (object: JsonObject, key: string): unknown =>
    Object.hasOwn(object, key) ? object[key] : undefined;
  return [...keys].every((key) => left.has(key) || isDeepStrictEqual(own(a, key), own(b, key)));
}
