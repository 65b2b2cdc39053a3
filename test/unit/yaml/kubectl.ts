import { execFile } from 'node:child_process';
import { isJsonObject } from '../../../src/engine/field.ts';

/** What kubectl makes of a manifest: the objects it reads, and whether it then stops with an error. */
export interface Reading {
  readonly objects: readonly unknown[];
  readonly rejected: boolean;
}

const LABEL = 'hushgate-reading';

/** Reads a file by the real kubectl, without a cluster: it is asked to add a label, which is taken off. */
export function readByKubectl(kubectl: string, file: string): Promise<Reading> {
  const args = [
    'label',
    '--local',
    '-f',
    file,
    `${LABEL}=y`,
    '-o',
    'json',
    '--show-managed-fields',
  ];
  return new Promise((resolve) => {
    const options = { maxBuffer: 2 ** 28, env: { KUBECONFIG: '/dev/null', HOME: '/nonexistent' } };
    execFile(kubectl, args, options, (error, stdout) => {
      const texts = stdout.split(/^(?<=^\}\n)/m).filter((text) => text.trim() !== '');
      resolve({ objects: texts.map(unlabelled), rejected: error !== null });
    });
  });
}

function unlabelled(text: string): unknown {
  const object: unknown = JSON.parse(text);
  if (!isJsonObject(object) || !isJsonObject(object['metadata'])) return object;
  const { labels, ...metadata } = object['metadata'];
  const left = Object.entries(isJsonObject(labels) ? labels : {}).filter(([key]) => key !== LABEL);
  const kept = left.length > 0 ? { ...metadata, labels: Object.fromEntries(left) } : metadata;
  return Object.keys(kept).length > 0 ? { ...object, metadata: kept } : without(object, 'metadata');
}

function without(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
