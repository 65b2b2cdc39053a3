import { describe, expect, it } from '@jest/globals';
import { diffOf } from '../../../src/fix/diff.ts';
import { fixed } from './fix.ts';

const CANARY = 'hunter2Canary';

describe('a diff', () => {
  it('hides values, comments, other objects and other documents', () => {
    const text =
      `# ${CANARY}\napiVersion: v1\nkind: Secret\nmetadata: {name: ${CANARY}}\nstringData:\n  ${CANARY}: |\n    ${CANARY}\n    a: ${CANARY}\n---\n%${CANARY}\n--- # ${CANARY}\n`.replace(
        `%${CANARY}\n--- # ${CANARY}\n`,
        '',
      ) +
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: {x: ${CANARY}, y: "a, ${CANARY}: b"}\nspec:\n  securityContext: {fsGroup: 1}\n  containers:\n  - name: b\n    args: [--password=${CANARY}, "${CANARY}, x", '${CANARY}']\n    env: [{name: X, value: ${CANARY}}, {name: Y, value: 'a # ${CANARY}'}]\n    volumeMounts: # ${CANARY}\n    - {name: s, mountPath: /s} # ${CANARY} {${CANARY}}\n    command:\n    - |\n      ${CANARY}\n      -${CANARY}: [${CANARY}]\n    - >-\n      - ${CANARY}\n    - "a\n      ${CANARY}"\n  volumes: [{name: s, secret: {secretName: s}}]\n`;
    const result = fixed(text);
    const diff = diffOf('a', text, result, false);

    expect(result.fixed).toHaveLength(2);
    expect(diff).not.toContain(CANARY);
    expect(diff).toContain('+    - {name: s, mountPath: /s, readOnly: true} # …\n');
    expect(diff).toContain('+  volumes: [{name: s, secret: {secretName: s, defaultMode: 0440}}]\n');
  });

  it('shows whole what is written, and no other value of its lists', () => {
    const text = `apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  securityContext: {fsGroup: 1}
  containers:
  - name: b
    env:
    - {name: X, value: ${CANARY}}
    - name: P
      valueFrom:
        secretKeyRef: {name: db, key: password}
    volumeMounts:
    - {name: e, mountPath: /e, subPathExpr: ${CANARY}}
  volumes:
  - name: e
    hostPath: {path: /${CANARY}}
`;
    const result = fixed(text, 'env');
    const diff = diffOf('a', text, result, false);
    const added = diff.split('\n').filter((line) => /^\+(?!\+\+ )/.test(line));

    expect(added).toContain('+        path: password');
    expect(added.join('\n')).not.toContain('…');
    for (const line of added) expect(result.text.split('\n')).toContain(line.slice(1));
    expect(diff).not.toContain(CANARY);
  });

  it('hides values in braces behind the indentation of a first line', () => {
    const text = `${' '.repeat(40)}{apiVersion: v1, kind: Pod, metadata: {name: ${'a'.repeat(26)}}, spec: {containers: [{name: b, env: [{value: ${CANARY}, name: ${'x'.repeat(40)}}],\n volumeMounts: [{name: s, mountPath: /s}]}], volumes: [{name: s, secret: {secretName: s}}]}}\n`;
    const result = fixed(text);

    expect(result.fixed).toHaveLength(1);
    expect(diffOf('a', text, result, false)).not.toContain(CANARY);
  });

  it('of a file that is one long line shows the part that changes', () => {
    const containers = Array.from({ length: 200 }, (_, n) => ({ name: `c${n}`, args: [CANARY] }));
    const mounts = [{ name: 's', mountPath: '/s' }];
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: {
        containers: [...containers, { name: 'last', volumeMounts: mounts }, ...containers],
        volumes: [{ name: 's', secret: { secretName: 's', defaultMode: 256 } }],
      },
    });
    const diff = diffOf('a', text, fixed(text), true);

    expect(diff).toContain('"mountPath":"/s","readOnly":true}');
    expect(diff).toContain('\u001b[32m+');
    expect(diff).not.toContain(CANARY);
    expect(diff.length).toBeLessThan(2000);
  });
});
