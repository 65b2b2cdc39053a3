// The Secret, the Lease and the webhook configuration of the self-managed certificates. Each is made by
// whoever installs Hushgate; here they are only read and changed, by name.
import type { CertificateStore, Seen, WebhookBundles } from '../certs/store.ts';
import type { SecretData } from '../certs/stored.ts';
import type { ClusterClient } from './client.ts';
import { field, isObject, objectAt, textAt, type JsonObject } from './json.ts';
import { turns } from './lease.ts';
import { leaseTarget, secretTarget, webhookTarget, type NamespacedName } from './targets.ts';
import { unlessChanged } from './unless-changed.ts';

export interface CertificateObjects {
  readonly secret: NamespacedName;
  readonly lease: NamespacedName;
  /** The name of the ValidatingWebhookConfiguration. */
  readonly webhook: string;
}

/** When a CA was last added: written with the caBundles, so that no bundle is younger than it says. */
const ADDED_AT = 'hushgate.dev/ca-added-at';

/** The cluster's side of a certificate keeper; `identity` tells this replica from every other. */
export function certificateStore(
  client: ClusterClient,
  objects: CertificateObjects,
  identity: string,
): CertificateStore {
  const secret = secretTarget(objects.secret);
  const webhook = webhookTarget(objects.webhook);
  return {
    readBundles: async () => readBundles(await client.get(webhook)),
    writeBundles: (seen, wanted) =>
      unlessChanged(client.patch(webhook, bundlePatch(seen.object, wanted))),
    readSecret: async () => readSecret(await client.get(secret)),
    writeSecret: ({ object }, data) =>
      // With the resourceVersion that was read, and all else as it came.
      unlessChanged(client.update(secret, { ...object, data: encode(data) })),
    ...turns(client, leaseTarget(objects.lease), identity),
  };
}

function readBundles(answer: unknown): Seen<WebhookBundles> {
  const object = objectAt(answer);
  const addedAt = textAt(object, 'metadata', 'annotations', ADDED_AT);
  const bundles = entries(object).map((entry) =>
    Buffer.from(textAt(entry, 'clientConfig', 'caBundle'), 'base64').toString('latin1'),
  );
  return { object, content: { bundles, ...(addedAt === '' ? {} : { addedAt }) } };
}

function entries(webhook: JsonObject): readonly unknown[] {
  const found = field(webhook, 'webhooks');
  return Array.isArray(found) ? found : [];
}

/** Touches the caBundles and the one annotation only, so that no other field becomes ours. */
function bundlePatch(object: JsonObject, wanted: Required<WebhookBundles>): readonly object[] {
  const annotations = field(object, 'metadata', 'annotations');
  const stamp = isObject(annotations)
    ? { path: `/metadata/annotations/${ADDED_AT.replace('/', '~1')}`, value: wanted.addedAt }
    : { path: '/metadata/annotations', value: { [ADDED_AT]: wanted.addedAt } };
  return [
    // A replaced resourceVersion is compared with the stored one: 409 when it is another.
    {
      op: 'replace',
      path: '/metadata/resourceVersion',
      value: textAt(object, 'metadata', 'resourceVersion'),
    },
    { op: 'add', ...stamp },
    ...wanted.bundles.map((pem, index) => ({
      op: 'add',
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: Buffer.from(pem, 'latin1').toString('base64'),
    })),
  ];
}

// latin1 keeps every byte, also of values that are not ours and no text.
function readSecret(answer: unknown): Seen<SecretData> {
  const object = objectAt(answer);
  const content = Object.keys(objectAt(object, 'data')).map((key) => [
    key,
    Buffer.from(textAt(object, 'data', key), 'base64').toString('latin1'),
  ]);
  return { object, content: Object.fromEntries(content) as SecretData };
}

function encode(data: SecretData): SecretData {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      Buffer.from(value, 'latin1').toString('base64'),
    ]),
  );
}
