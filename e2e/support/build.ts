import { run } from './shell.ts';

/** Builds the image from the sources here; DOCKER_BUILD_ARGS adds to `docker build`. */
export async function buildImage(tag: string, ...args: readonly string[]): Promise<void> {
  const more = (process.env['DOCKER_BUILD_ARGS'] ?? '').split(' ').filter((arg) => arg !== '');
  await run('docker', ['build', ...more, ...args, '--tag', tag, '.']);
}
