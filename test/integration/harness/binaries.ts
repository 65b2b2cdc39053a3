// Where the control plane's programs come from: the convention of envtest.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

export type Binary = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kubectl';

const advice = (name: Binary): string =>
  [
    'KUBEBUILDER_ASSETS must name the folder with etcd, kube-apiserver and kubectl. Get them with',
    '  export KUBEBUILDER_ASSETS=$(go run sigs.k8s.io/controller-runtime/tools/setup-envtest@latest use 1.34.x -p path)',
    ...(name === 'kube-controller-manager'
      ? [
          'envtest brings no kube-controller-manager: put the one of the Kubernetes server release beside them, from',
          '  https://dl.k8s.io/v1.34.4/bin/linux/amd64/kube-controller-manager',
        ]
      : []),
  ].join('\n');

/** The path of a program in `assets`; throws an Error that tells how to get it. */
export function findBinary(name: Binary, assets = process.env['KUBEBUILDER_ASSETS']): string {
  if (assets === undefined || assets === '') {
    throw new Error(`KUBEBUILDER_ASSETS is not set, so ${name} is missing.\n${advice(name)}`);
  }
  const path = join(assets, name);
  try {
    accessSync(path, constants.X_OK);
  } catch (cause) {
    throw new Error(`${path} is missing or cannot be run.\n${advice(name)}`, { cause });
  }
  return path;
}
