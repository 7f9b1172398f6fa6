import { isIPv4, isIPv6 } from 'node:net';

/**
 * What counts as one place on the network: an IPv4 address, or the /64 that an IPv6 customer has to themself
 * (RFC 6177). IPv4 addresses mapped into IPv6 count as IPv4.
 */
export function addressBlock(address: string): string {
  const mapped = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(mapped)) return mapped;
  const bare = mapped.replace(/%.*$/, '');
  if (!isIPv6(bare)) return 'unknown';
  const [left = '', right] = bare.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right ? right.split(':') : [];
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  const groups = right === undefined ? head : [...head, ...zeros, ...tail];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
