// Pods that read a Secret in each way that `--fix` rewrites, as their authors write them.
import { image } from './environment.ts';

/** What a program saw; of a value only its digest. */
export interface Seen {
  readonly uid: number;
  /** Digests of the variables whose names end in PASSWORD. */
  readonly inEnvironment: readonly string[];
  /** Whether there is a token of the ServiceAccount. */
  readonly token: boolean;
  readonly files: readonly {
    readonly path: string;
    /** In octal. */
    readonly mode: string;
    readonly uid: number;
    readonly gid: number;
    readonly digest: string;
    readonly writable: boolean;
  }[];
}

/** Reads the files of its arguments, and those that variables ending in PASSWORD_FILE name. */
const READER = `
const fs = require('node:fs');
const digest = (text) => require('node:crypto').createHash('sha256').update(text).digest('hex');
const variables = (end) => Object.entries(process.env).filter(([name]) => name.endsWith(end));
const writable = (path) => { try { fs.closeSync(fs.openSync(path, 'r+')); return true; } catch { return false; } };
const paths = [...process.argv.slice(1), ...variables('PASSWORD_FILE').map(([, path]) => path)];
const files = paths.map((path) => {
  const { mode, uid, gid } = fs.statSync(path);
  const own = { mode: (mode & 0o777).toString(8), uid, gid };
  return { path, ...own, digest: digest(fs.readFileSync(path)), writable: writable(path) };
});
const inEnvironment = variables('PASSWORD').map(([, value]) => digest(value));
const token = fs.existsSync('/var/run/secrets/kubernetes.io/serviceaccount/token');
console.log(JSON.stringify({ uid: process.getuid(), inEnvironment, token, files }));
`.replaceAll('\n', ' ');

const NON_ROOT = '{runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000}';
const VARIABLE = `    env:
    - name: DB_PASSWORD # of the database
      valueFrom:
        secretKeyRef: {name: db, key: password}
`;

function pod(name: string, security: string, container: string, volume = ''): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
  restartPolicy: Never
  securityContext: ${security} # who reads
  containers:
  - name: reader
    image: ${image}
${container}${volume}`;
}

function reader(name: string, path: string, mount: string, source: string, group = true): string {
  const command = `    command: [/nodejs/bin/node, -e, ${JSON.stringify(READER)}, ${path}]\n`;
  const mounts = `    volumeMounts:\n    - {name: s, ${mount}}\n`;
  const security = group ? NON_ROOT : '{runAsNonRoot: true, runAsUser: 1000}';
  return pod(name, security, command + mounts, `  volumes:\n  - name: s\n    ${source}\n`);
}

function taker(name: string, security: string): string {
  const command = `    command: [/nodejs/bin/node, -e, ${JSON.stringify(READER)}]\n`;
  return pod(name, security, command + VARIABLE);
}

const SECRET = 'secret: {secretName: db}';
const ITEM = 'items: [{key: password, path: pw, mode: 0644}]';
const whole = 'mountPath: /s';

/** One file of several documents. */
export const MANIFESTS = [
  reader('whole', '/s/password', whole, SECRET),
  reader('items', '/s/pw', whole, `secret: {secretName: db, ${ITEM}, defaultMode: 0440}`),
  reader('sub-path', '/etc/pw', 'mountPath: /etc/pw, subPath: password', SECRET),
  reader('projected', '/s/password', whole, 'projected: {sources: [{secret: {name: db}}]}'),
  reader('projected-item', '/s/pw', whole, `projected: {sources: [{secret: {name: db, ${ITEM}}}]}`),
  reader('no-group', '/s/password', whole, SECRET, false),
  taker('env', NON_ROOT),
  taker('root', '{runAsUser: 0}'),
].join('---\n');
