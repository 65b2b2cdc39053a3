import type { networkInterfaces } from 'node:os';

/**
 * The address to listen on: `::` takes IPv4 and IPv6 alike, but where the kernel has no IPv6 at all it
 * cannot be bound, and `0.0.0.0` is meant.
 */
export function hostFor(host: string, interfaces: ReturnType<typeof networkInterfaces>): string {
  if (host !== '::') return host;
  const addresses = Object.values(interfaces).flatMap((list) => list ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? host : '0.0.0.0';
}
