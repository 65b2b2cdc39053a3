import { expect, it } from '@jest/globals';
import type { NetworkInterfaceInfo } from 'node:os';
import { hostFor } from '../../../src/server/host.ts';

const shared = { netmask: '', mac: '', internal: true, cidr: null };
const ipv4: NetworkInterfaceInfo = { ...shared, family: 'IPv4', address: '127.0.0.1' };
const ipv6: NetworkInterfaceInfo = { ...shared, family: 'IPv6', address: '::1', scopeid: 0 };

it.each([
  ['::', { lo: [ipv4, ipv6] }, '::'],
  ['::', { lo: [ipv4], eth0: [ipv6] }, '::'],
  ['::', { lo: [ipv4] }, '0.0.0.0'],
  ['::', { lo: undefined }, '0.0.0.0'],
  ['::1', { lo: [ipv4] }, '::1'],
  ['localhost', { lo: [ipv4] }, 'localhost'],
])('%s with %j listens on %s', (host, interfaces, wanted) => {
  expect(hostFor(host, interfaces)).toBe(wanted);
});
