import { isPlaceholder } from '../../detect/weak.ts';
import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { join, literal, name, type SafeText } from '../../engine/safe-text.ts';
import {
  containerOf,
  containerText,
  type Container,
  type PodTemplate,
} from '../../kubernetes/container.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';
import { secretMounts, type SecretMount } from '../../kubernetes/secret-volumes.ts';

interface Cloud {
  readonly cloud: SafeText;
  readonly instead: SafeText;
}

const AWS: Cloud = {
  cloud: literal('AWS'),
  instead: literal(
    'serviceAccountName: <service account with an IAM role, by EKS Pod Identity or the annotation eks.amazonaws.com/role-arn>, and no key',
  ),
};
const GOOGLE: Cloud = {
  cloud: literal('Google Cloud'),
  instead: literal(
    'serviceAccountName: <service account bound in IAM by Workload Identity Federation>, and no key',
  ),
};
const AZURE: Cloud = {
  cloud: literal('Azure'),
  instead: literal(
    'the label azure.workload.identity/use: "true", serviceAccountName: <service account with a federated identity>, and no key',
  ),
};

/** Variables from which the SDKs and tools of a cloud take a key that lives until somebody deletes it. */
const VARIABLES: ReadonlyMap<string, Cloud> = new Map([
  ['AWS_ACCESS_KEY_ID', AWS],
  ['AWS_SECRET_ACCESS_KEY', AWS],
  ['AWS_ACCESS_KEY', AWS],
  ['AWS_SECRET_KEY', AWS],
  ['GOOGLE_CREDENTIALS', GOOGLE],
  ['GOOGLE_APPLICATION_CREDENTIALS_JSON', GOOGLE],
  ['AZURE_CLIENT_SECRET', AZURE],
  ['ARM_CLIENT_SECRET', AZURE],
  ['AZURE_STORAGE_KEY', AZURE],
  ['AZURE_STORAGE_CONNECTION_STRING', AZURE],
]);

/** Variables that hold the path of such a key. */
const FILES: ReadonlyMap<string, Cloud> = new Map([
  ['AWS_SHARED_CREDENTIALS_FILE', AWS],
  ['GOOGLE_APPLICATION_CREDENTIALS', GOOGLE],
  ['CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE', GOOGLE],
  ['AZURE_CLIENT_CERTIFICATE_PATH', AZURE],
]);

/** The id of a key is told only where its secret half is not. */
const HALVES: ReadonlyMap<string, string> = new Map([
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ['AWS_ACCESS_KEY', 'AWS_SECRET_KEY'],
]);

/** Where the SDKs look for a key when no variable tells. */
const FOLDER = /\/\.(aws|config\/gcloud|azure)(?:\/[\w.-]*)?$/;
const FOLDERS: ReadonlyMap<string, Cloud> = new Map([
  ['aws', AWS],
  ['config/gcloud', GOOGLE],
  ['azure', AZURE],
]);

/**
 * Forbidden: a variable of a cloud's SDK that holds a key, literal or from a Secret; one that points to a file
 *            of a mounted Secret; a Secret mounted where the SDK looks by itself (`~/.aws`).
 * Allowed:   IRSA, EKS Pod Identity, Workload Identity: projected tokens, also beside a file of a Secret in one
 *            projected volume, and configuration of a ConfigMap; names, regions and ids.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 * @see https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential
 */
export const policy = {
  meta: {
    id: 'static-cloud-credential',
    title: 'Long-lived cloud key in a workload',
    practice: 'Short-lived credentials',
    rationale:
      'A cloud key in a pod is good from anywhere in the world until somebody deletes it, and most leaked ones are found years old. Every managed cluster, and any other with a public issuer, can give a pod a token for its own service account, which ends within the hour.',
    remediation:
      'Bind the service account of the workload to a role: EKS Pod Identity or IRSA, Workload Identity Federation of Google or Microsoft Entra. The SDKs find the token by themselves.',
    whenNotToUse:
      'For storage that only speaks the protocol of a cloud (MinIO, Ceph), and clusters whose tokens the cloud cannot verify. Grant those workloads an exception with an owner and an expiry.',
    severity: 'high',
    modes: { baseline: 'warn', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    foldsInto: ['credential-in-env'],
    references: [
      {
        title: 'IAM roles for service accounts',
        url: 'https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html',
      },
      {
        title: 'Workload Identity Federation for GKE',
        url: 'https://cloud.google.com/kubernetes-engine/docs/concepts/workload-identity',
      },
      {
        title: 'Microsoft Entra Workload ID',
        url: 'https://learn.microsoft.com/azure/aks/workload-identity-overview',
      },
    ],
    messages: {
      literal: {
        message:
          'env {variable} of {container} holds a key of {cloud} that is good from anywhere until somebody deletes it',
        fix: '{instead}',
      },
      'from-secret': {
        message:
          'env {variable} of {container} takes from Secret {secret} a key of {cloud} that is good from anywhere until somebody deletes it',
        fix: '{instead}',
      },
      file: {
        message:
          'env {variable} of {container} points into {secret}: a key of {cloud} that is good from anywhere until somebody deletes it',
        fix: '{instead}',
      },
      folder: {
        message:
          '{container} mounts {secret} where the SDKs of {cloud} look for a key, one that is good from anywhere until somebody deletes it',
        fix: '{instead}',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const template of podTemplates(subject)) {
      const mounts = secretMounts(template);
      for (const container of template.containers) {
        const own = mounts.filter((mount) => mount.container === container);
        yield* inVariables(container, own, template);
        yield* inFolders(container, own);
      }
    }
  },
} satisfies PolicyModule;

/** Of two variables of one name the kubelet takes the last, so that is told. */
function* inVariables(
  container: Container,
  mounts: readonly SecretMount[],
  template: PodTemplate,
): Generator<Report> {
  const byName = new Map<string, Report>();
  for (const variable of container.field.get('env').items()) {
    const key = variable.get('name').text() ?? '';
    const cloud = VARIABLES.get(key) ?? FILES.get(key);
    if (cloud === undefined) continue;
    const found = inVariable(variable, mounts, template);
    if (found === undefined) continue;
    const own = { container: containerText(container), variable: name(variable.get('name')) };
    const params = { ...found.params, ...cloud, ...own };
    byName.set(key, { ...found, ...containerOf(container), params });
  }
  for (const [key, report] of byName) {
    if (!byName.has(HALVES.get(key) ?? '')) yield report;
  }
}

function inVariable(
  variable: Field,
  mounts: readonly SecretMount[],
  template: PodTemplate,
): Report | undefined {
  const key = variable.get('name').text() ?? '';
  return (
    fromSecret(variable) ??
    inFile(variable.get('value'), mounts, template) ??
    (VARIABLES.has(key) ? asLiteral(variable.get('value')) : undefined)
  );
}

/** A folder into which a variable points is told there. */
function* inFolders(container: Container, mounts: readonly SecretMount[]): Generator<Report> {
  const told = container.field
    .get('env')
    .items()
    .filter((variable) => FILES.has(variable.get('name').text() ?? ''))
    .map((variable) => variable.get('value').text() ?? '');
  for (const { mount, secrets, referent } of mounts) {
    const at = mount.get('mountPath');
    const path = at.text() ?? '';
    const cloud = FOLDERS.get(FOLDER.exec(path)?.[1] ?? '');
    if (cloud === undefined || told.some((file) => isBelow(file, path))) continue;
    const params = { ...cloud, container: containerText(container), secret: secrets };
    yield { message: 'folder', at, ...containerOf(container), params, referent };
  }
}

function fromSecret(variable: Field): Report | undefined {
  const at = variable.at('valueFrom', 'secretKeyRef');
  if (!at.present) return undefined;
  const secret = name(at.get('name'));
  const referent = [join('/', [secret, name(at.get('key'))])];
  return { message: 'from-secret', at, params: { secret }, referent };
}

function asLiteral(at: Field): Report | undefined {
  const text = at.text() ?? '';
  if (isPlaceholder(text) || text.startsWith('/')) return undefined;
  return { message: 'literal', at, params: {}, referent: [] };
}

/** A path below a mounted Secret, but for a volume with a token for the federation beside it. */
function inFile(
  at: Field,
  mounts: readonly SecretMount[],
  template: PodTemplate,
): Report | undefined {
  const path = at.text() ?? '';
  const found = mounts.find(({ mount }) => isBelow(path, mount.get('mountPath').text() ?? ''));
  if (found === undefined || holdsToken(found.mount, template)) return undefined;
  return { message: 'file', at, params: { secret: found.secrets }, referent: found.referent };
}

function isBelow(path: string, mountPath: string): boolean {
  const folder = mountPath.replace(/\/$/, '');
  return folder !== '' && (path === folder || path.startsWith(`${folder}/`));
}

function holdsToken(mount: Field, { volumes }: PodTemplate): boolean {
  const volume = volumes.find((each) => each.get('name').text() === mount.get('name').text());
  return (
    volume
      ?.at('projected', 'sources')
      .items()
      .some((source) => source.get('serviceAccountToken').present) ?? false
  );
}
