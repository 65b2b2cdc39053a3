// The custom kinds of the fixtures, by the stub definitions in test/crds.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CustomResource } from '../../../src/admission/rules.ts';
import { readYaml } from '../../../src/yaml/manifest.ts';
import { eventually } from '../harness/poll.ts';
import { request } from '../harness/request.ts';
import type { Endpoint } from '../harness/transport.ts';

const FOLDER = 'test/crds';

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string }[];
  };
}

const definitions = (): readonly Definition[] =>
  readdirSync(FOLDER)
    .sort()
    .flatMap(
      (file) => readYaml(readFileSync(join(FOLDER, file), 'utf8')).documents as Definition[],
    );

/** Defines every custom kind; when this resolves, objects of them can be made. */
export async function defineCustomKinds(plane: Endpoint): Promise<readonly CustomResource[]> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const all = definitions();
  for (const body of all) {
    const made = await request(plane, { method: 'POST', path, body });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  }
  for (const { spec, metadata } of all) {
    for (const { name: version } of spec.versions) {
      await eventually(`${metadata.name} is served as ${version}`, async () => {
        const list = `/apis/${spec.group}/${version}/${spec.names.plural}`;
        const { status } = await request(plane, { method: 'GET', path: list });
        return status === 200 ? true : undefined;
      });
    }
  }
  return all.map(({ spec }) => ({ group: spec.group, resource: spec.names.plural }));
}

export interface Served {
  readonly group: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

/** Where the API server has a kind; undefined when it does not. */
export async function servedAs(
  plane: Endpoint,
  apiVersion: string,
  kind: string,
): Promise<Served | undefined> {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { status, body } = await request(plane, { method: 'GET', path });
  if (status !== 200) return undefined;
  const { resources } = body as {
    resources: readonly { name: string; kind: string; namespaced: boolean }[];
  };
  const found = resources.find((each) => each.kind === kind && !each.name.includes('/'));
  const group = apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '';
  return found && { group, resource: found.name, namespaced: found.namespaced };
}
