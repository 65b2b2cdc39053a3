// A folder as the kubelet mounts a Secret or ConfigMap: its files are links through `..data`, which is
// swapped as a whole when the content changes.
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface MountedFolder {
  path(file: string): string;
  replace(files: Readonly<Record<string, string>>): Promise<void>;
}

export async function mountFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<MountedFolder> {
  let version = 0;
  const replace: MountedFolder['replace'] = async (contents) => {
    version += 1;
    const data = `..${version}`;
    await mkdir(join(folder, data), { recursive: true });
    for (const [file, content] of Object.entries(contents)) {
      await writeFile(join(folder, data, file), content, { mode: 0o600 });
    }
    await symlink(data, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  await replace(files);
  for (const file of Object.keys(files)) await symlink(join('..data', file), join(folder, file));
  return { path: (file) => join(folder, file), replace };
}
