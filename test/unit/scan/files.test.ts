import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { inputsOf } from '../../../src/scan/files.ts';
import { asNobody } from '../../support/nobody.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hushgate-files-'));
  for (const name of ['.git', 'sub/deep', 'build', 'chart/templates'])
    mkdirSync(join(folder, name), { recursive: true });
  const files: Readonly<Record<string, string | Buffer>> = {
    '.gitignore': 'build/\n*.gen.yaml\n',
    'a.yaml': 'a: 1',
    'b.gen.yaml': 'b',
    'c.txt': 'c',
    'sub/d.json': '{}',
    'sub/.gitignore': '!e.gen.yaml\n',
    'sub/e.gen.yaml': 'e',
    'build/f.yaml': 'f',
    'bin.yaml': Buffer.from([0, 1, 2]),
    'latin.yaml': Buffer.from([0x61, 0xe9]),
    'utf16.yaml': Buffer.from('\uFEFFa: é', 'utf16le'),
    'huge.yaml': '',
    'chart/Chart.yaml': 'name: x',
    'chart/templates/g.yaml': 'g',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  truncateSync(join(folder, 'huge.yaml'), 2 ** 30);
  symlinkSync('..', join(folder, 'sub/deep/up'));
  symlinkSync('loop.yaml', join(folder, 'loop.yaml'));
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function told(
  paths: readonly string[],
  recursive: boolean,
  stdin = '',
  why = false,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const input of inputsOf(paths, recursive, Readable.from([stdin]))) {
    if (input.type === 'source')
      lines.push(`${input.source.file} ${input.source.chart ?? ''}`.trim());
    else if (input.type === 'error')
      lines.push(
        `${input.error.file} ${input.error.reason}${why ? ` ${input.error.message}` : ''}`,
      );
    else lines.push(input.type === 'note' ? `${input.note.file} note` : 'ignored');
  }
  return lines.map((line) => line.replaceAll(`${folder}/`, ''));
}

describe('the files of a scan', () => {
  it('are those that a quoted pattern matches, as with kubectl', async () => {
    expect(await told([join(folder, 'sub/*.json'), join(folder, '[ab].yaml')], false)).toEqual([
      'sub/d.json',
      'a.yaml',
    ]);
    expect(await told([join(folder, '*.yml')], false)).toEqual(['*.yml unreadable']);
    const named = join(folder, 'sub', '[x].yaml');
    writeFileSync(named, 'x');
    expect(await told([named], false)).toEqual(['sub/[x].yaml']);
    rmSync(named);
  });

  it('are read once, whatever paths lead to them', async () => {
    const file = join(folder, 'sub/d.json');

    expect(await told([file, `${folder}/sub/../sub/d.json`, join(folder, 'sub')], false)).toEqual([
      'sub/d.json',
      'sub/../sub/d.json note',
      'sub/d.json note',
      'sub/e.gen.yaml',
    ]);
  });

  it('are not fetched from a URL', async () => {
    expect(await told(['https://example.com/a.yaml'], false)).toEqual([
      'https://example.com/a.yaml unreadable',
    ]);
  });

  it('are those of a folder, with a word for each that gives no text', async () => {
    expect(await told([folder], true)).toEqual([
      'a.yaml',
      'ignored',
      'bin.yaml binary',
      'ignored',
      'chart/Chart.yaml',
      `chart/templates/g.yaml ${folder}/chart`.replace(`${folder}/`, ''),
      'huge.yaml too-large',
      'latin.yaml binary',
      'loop.yaml unreadable',
      'pipe.yaml unreadable',
      'sub/d.json',
      'sub/deep/up note',
      'sub/e.gen.yaml',
      'utf16.yaml',
    ]);
  });

  it('are kubeconfig files too, by name and content', async () => {
    const own = mkdtempSync(join(tmpdir(), 'hushgate-kubeconfig-'));
    const files: Readonly<Record<string, string>> = {
      kubeconfig: 'apiVersion: v1\nkind: Config\n',
      'prod.kubeconfig': '{"apiVersion":"v1","kind":"Config","users":[]}',
      'kubeconfig-dev': 'kind: "Config"\r\nusers: []\r\n',
      '.kube/config': '{\n  "kind": "Config"\n}',
      'merge-kubeconfig': '#!/bin/sh\nkubectl config view # kind: Config or not\n',
      config: 'kind: Config\n',
    };
    mkdirSync(join(own, '.kube'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
    execFileSync('mkfifo', [join(own, 'x.kubeconfig')]);
    const lines = await told([own], true);
    rmSync(own, { recursive: true });

    expect(lines.map((line) => line.replace(`${own}/`, ''))).toEqual([
      '.kube/config',
      'kubeconfig',
      'kubeconfig-dev',
      'prod.kubeconfig',
    ]);
  });

  it('are those of the folder alone without -R', async () => {
    expect((await told([folder], false)).filter((line) => line.includes('/'))).toEqual([]);
  });

  it('are read where they are named, ignored or not, and from the standard input', async () => {
    expect(
      await told([join(folder, 'build/f.yaml'), '-', join(folder, 'none.yaml')], false, 'a: 1'),
    ).toEqual(['build/f.yaml', '<stdin>', 'none.yaml unreadable']);
  });

  it.each(['', '\n \r\n'])('are none in %j from a pipe, which is not clean input', async (text) => {
    expect(await told(['-'], false, text)).toEqual(['<stdin> unreadable']);
  });

  it('are those of a folder that is named, though it is ignored above', async () => {
    expect(await told([join(folder, 'build')], true)).toEqual(['build/f.yaml']);
  });

  it('are told where their name is not UTF-8, met or named, and not said to be missing', async () => {
    const own = mkdtempSync(join(tmpdir(), 'hushgate-names-'));
    const bytes = (name: string): Buffer => Buffer.from(join(own, name), 'latin1');
    mkdirSync(join(own, '.git'));
    for (const name of ['caf\u00e9', 'b\u00e9']) mkdirSync(bytes(name));
    const files = ['a\u00e9.yaml', 'c\u00e9.txt', 'd\u00e9.gen.yaml', 'caf\u00e9/e.yaml'];
    for (const name of files) writeFileSync(bytes(name), 'a: 1');
    writeFileSync(join(own, '.gitignore'), '*.gen.yaml\nb*/\n');
    writeFileSync(join(own, 'z\uFFFD.yaml'), 'a: 1');
    symlinkSync(bytes('caf\u00e9'), join(own, 'link'));
    const given = ['a\uFFFD.yaml', 'caf\uFFFD/e.yaml', 'none\uFFFD.yaml'].map((name) =>
      join(own, name),
    );
    const [walked, flat, named] = [
      await told([own], true, '', true),
      await told([own], false, '', true),
      await told(given, false, '', true),
    ];
    rmSync(own, { recursive: true });

    const rename = 'unreadable has a name that is not UTF-8, which no path can say: rename it';
    const short = (lines: string[]): string[] => lines.map((line) => line.replace(`${own}/`, ''));
    expect(short(walked)).toEqual([
      `a\uFFFD.yaml ${rename}`,
      'ignored',
      `caf\uFFFD ${rename}`,
      'ignored',
      'link/e.yaml',
      'z\uFFFD.yaml',
    ]);
    expect(short(flat)).toEqual([`a\uFFFD.yaml ${rename}`, 'ignored', 'z\uFFFD.yaml']);
    expect(short(named)).toEqual([
      `a\uFFFD.yaml ${rename}`,
      `caf\uFFFD/e.yaml ${rename}`,
      'none\uFFFD.yaml unreadable does not exist',
    ]);
  });

  it('are told where they may not be read, by whoever has no right to', async () => {
    const own = mkdtempSync(join(tmpdir(), 'hushgate-rights-'));
    mkdirSync(join(own, 'shut'));
    for (const name of ['.gitignore', 'a.yaml', 'b.yaml', 'kubeconfig'])
      writeFileSync(join(own, name), '');
    for (const [name, mode] of [
      ['b.yaml', 0],
      ['kubeconfig', 0],
      ['shut', 0],
      ['', 0o755],
    ] as const)
      chmodSync(join(own, name), mode);
    const lines = await asNobody(() => told([own], true));
    rmSync(own, { recursive: true });

    expect(lines.map((line) => line.replace(`${own}/`, ''))).toEqual([
      'a.yaml',
      'b.yaml unreadable',
      'kubeconfig unreadable',
      'shut unreadable',
    ]);
  });
});
