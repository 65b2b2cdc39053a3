import type { Subject } from '../engine/subject.ts';
import { podTemplates } from './pod-template.ts';

interface StockWorkload {
  readonly group: string;
  readonly kind: string;
  /** Of the object, its ServiceAccount, its one container and its image. */
  readonly name: string;
  /** `command` and `args` together. */
  readonly runs: readonly string[];
}

/**
 * The add-ons that kubeadm installs. Both call the API, with the token at its default place.
 * @see cmd/kubeadm/app/phases/addons/dns/manifests.go and proxy/manifests.go
 */
const STOCK: readonly StockWorkload[] = [
  {
    group: 'apps',
    kind: 'Deployment',
    name: 'coredns',
    runs: ['-conf', '/etc/coredns/Corefile'],
  },
  {
    group: 'apps',
    kind: 'DaemonSet',
    name: 'kube-proxy',
    runs: [
      '/usr/local/bin/kube-proxy',
      '--config=/var/lib/kube-proxy/config.conf',
      '--hostname-override=$(NODE_NAME)',
    ],
  },
];

/** Whether a workload is one that kubeadm installs: by its name, and by what it runs and as whom. */
export function isStockWorkload(subject: Subject): boolean {
  const stock = STOCK.find(
    ({ group, kind, name }) =>
      group === subject.group && kind === subject.kind && name === subject.name,
  );
  if (stock === undefined || subject.namespace !== 'kube-system') return false;
  const [template, ...others] = podTemplates(subject);
  const [container, ...more] = template?.containers ?? [];
  if (template === undefined || container === undefined || others.length + more.length > 0) {
    return false;
  }
  const { field } = container;
  const runs = [...field.get('command').items(), ...field.get('args').items()];
  return (
    template.spec.get('serviceAccountName').text() === stock.name &&
    field.get('name').text() === stock.name &&
    repository(field.get('image').text() ?? '') === stock.name &&
    runs.length === stock.runs.length &&
    runs.every((word, index) => word.text() === stock.runs[index])
  );
}

/** `proxy` of `registry.example.com:5000/k8s/proxy:v1@sha256:…`. */
function repository(image: string): string {
  const [last = ''] = image.split('/').slice(-1);
  return last.split(/[:@]/)[0] ?? '';
}
