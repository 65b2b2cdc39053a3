#!/usr/bin/env node
// The version is checked before anything is imported that an older Node could not read.
const FLOOR = [22, 19] as const;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1])) {
  process.stderr.write(
    `hushgate needs Node.js ${FLOOR.join('.')} or later; this is ${process.versions.node}.\n`,
  );
  process.exit(2);
}

const { main } = await import('../cli/main.ts');
await main(process.argv);

export {};
