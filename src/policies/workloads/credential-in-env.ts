import { detectCredential } from '../../detect/credential.ts';
import { tellsCredential } from '../../detect/names.ts';
import type { Detection } from '../../detect/detection.ts';
import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { name, quoteKey, type SafeText } from '../../engine/safe-text.ts';
import type { Subject } from '../../engine/subject.ts';
import { containerOf, containerText, type Container } from '../../kubernetes/container.ts';
import { podTemplates } from '../../kubernetes/pod-template.ts';
import { WORKLOADS } from '../../kubernetes/resources.ts';
import { credentialText } from '../secrets/shared/credential-words.ts';

/** Repeats the whole object: what it holds is told where it stands. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const HOOKS = ['postStart', 'preStop'] as const;

const MOUNT =
  'revoke it, put a new one in a Secret, and mount that: volumes: [{name: credentials, secret: {secretName: <Secret>, defaultMode: 0440}}], volumeMounts: [{name: credentials, mountPath: /run/secrets/credentials, readOnly: true}]';

/** A text that the author wrote. */
interface Place {
  readonly message: 'env' | 'command' | 'header' | 'annotation';
  readonly at: Field;
  readonly container?: Container;
  /** The name of the variable or header. */
  readonly called?: Field;
}

/**
 * Forbidden: a credential of a known format, plain or in base64, written into a pod template: `env[].value`,
 *            `command`, `args`, the commands and HTTP headers of probes and lifecycle hooks; and annotations
 *            of the template and the object around it.
 * Allowed:   references (`valueFrom`, `$(VAR)`, `*_FILE`), placeholders, public keys and certificates; the
 *            last-applied annotation, which repeats what is told at its place.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container
 */
export const policy = {
  meta: {
    id: 'credential-in-env',
    title: 'Credential written into a workload',
    practice: 'No secrets in Git or plain configuration',
    rationale:
      'A pod template is read by everybody who may view the namespace, stays in every ReplicaSet and Helm release of the past, in Git and in the audit log, and is not encrypted at rest. A credential in one counts as published.',
    remediation:
      'Revoke the credential. Put a new one in a Secret, best from a vault, and mount it as a file.',
    whenNotToUse:
      'For values that only look like a credential, such as the documented example of a token in a demo. Grant that workload an exception with an owner and an expiry.',
    severity: 'critical',
    modes: { baseline: 'deny', strict: 'deny' },
    appliesTo: { resources: WORKLOADS, customWorkloads: true, operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Good practices for Kubernetes Secrets',
        url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
      },
      {
        title: 'Distribute credentials securely using Secrets',
        url: 'https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/',
      },
    ],
    messages: {
      env: {
        message:
          'env {name} of {container} holds {what}: everybody who may view the namespace reads it, and it stays in Git and in old revisions',
        fix: MOUNT,
      },
      command: {
        message:
          'a command of {container} holds {what}: everybody who may view the namespace or list the processes of a node reads it',
        fix: MOUNT,
      },
      header: {
        message:
          'HTTP header {name} of a probe or hook of {container} holds {what}: everybody who may view the namespace reads it',
        fix: 'let the endpoint answer probes without a credential, or probe with an exec command that reads a mounted file',
      },
      annotation: {
        message:
          'annotation {key} holds {what}: metadata is shown by every list, dashboard and backup',
        fix: MOUNT,
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const place of placesOf(subject)) {
      const detection = detectAt(place);
      if (detection === undefined) continue;
      const { message, at, container } = place;
      const what = credentialText(detection);
      yield {
        message,
        at,
        ...(container === undefined ? {} : containerOf(container)),
        params: { ...paramsOf(place), what },
        referent: [what],
      };
    }
  },
} satisfies PolicyModule;

/** Some keys have no format of their own, and are known by `AWS_SECRET_ACCESS_KEY=` before them. */
function detectAt({ message, at, called }: Place): Detection | undefined {
  const text = at.text();
  if (text === undefined) return undefined;
  const found = detectCredential(text);
  if (found !== undefined || message !== 'env') return found;
  const variable = called?.text() ?? '';
  return tellsCredential(variable) ? detectCredential(`${variable}=${text}`) : undefined;
}

function paramsOf({ at, container, called }: Place): Readonly<Record<string, SafeText>> {
  if (container === undefined) return { key: quoteKey(at) };
  const own = { container: containerText(container) };
  return called === undefined ? own : { ...own, name: name(called) };
}

function* placesOf(subject: Subject): Generator<Place> {
  const templates = podTemplates(subject);
  for (const { containers, whole } of templates) {
    for (const container of containers) {
      // In a part of a template, what has another type is the custom kind's own, and none is noted.
      for (const place of inContainer(container)) {
        if (whole || typeof place.at.value === 'string') yield place;
      }
    }
  }
  const holders = templates.filter(({ whole }) => whole).map(({ field }) => field);
  if (templates.length > 0) holders.push(subject.object);
  const seen = new Set<unknown>();
  for (const holder of holders) {
    const annotations = holder.at('metadata', 'annotations');
    if (seen.has(annotations.value)) continue;
    seen.add(annotations.value);
    for (const at of annotations.entries()) {
      if (at.key === LAST_APPLIED) continue;
      yield { message: 'annotation', at };
    }
  }
}

function* inContainer(container: Container): Generator<Place> {
  const { field } = container;
  for (const variable of field.get('env').items()) {
    const [at, called] = [variable.get('value'), variable.get('name')];
    if (at.present) yield { message: 'env', at, container, called };
  }
  const lists = [field.get('command'), field.get('args')];
  for (const handler of handlersOf(field)) {
    lists.push(...mapsAt(handler, 'exec').map((exec) => exec.get('command')));
    const headers = mapsAt(handler, 'httpGet').flatMap((get) => itemsOf(get.get('httpHeaders')));
    for (const header of headers.filter((each) => each.isMap())) {
      yield { message: 'header', at: header.get('value'), container, called: header.get('name') };
    }
  }
  for (const at of lists.flatMap(itemsOf)) yield { message: 'command', at, container };
}

function handlersOf(container: Field): readonly Field[] {
  return [
    ...mapsAt(container, ...PROBES),
    ...mapsAt(container, 'lifecycle').flatMap((lifecycle) => mapsAt(lifecycle, ...HOOKS)),
  ];
}

/** Those of some children that are maps. */
function mapsAt(holder: Field, ...keys: readonly string[]): readonly Field[] {
  return keys.map((key) => holder.get(key)).filter((child) => child.isMap());
}

/** The items of a list; a text that stands for one, as some custom kinds have it, is its only item. */
function itemsOf(list: Field): readonly Field[] {
  return list.isList() ? list.items() : [list].filter(({ present }) => present);
}
