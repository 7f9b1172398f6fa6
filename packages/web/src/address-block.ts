import { isIPv4, isIPv6 } from 'node:net';

/**
 * What counts as one place on the network: an IPv4 address, or the /64 that an IPv6 customer has to themself
 * (RFC 6177). IPv4 addresses mapped into IPv6 count as IPv4.
 */
export const addressBlock = (address: string): string => addressBlocks(address)[0] as string;

/**
 * The same, and the wider blocks around it, in which one customer may have many places: the /24 of an IPv4 address, the
 * /56 and the /48 of an IPv6 one. From the narrowest on.
 */
export function addressBlocks(address: string): string[] {
  const mapped = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(mapped)) return [mapped, `${mapped.replace(/\d+$/, '0')}/24`];
  const bare = mapped.replace(/%.*$/, '');
  if (!isIPv6(bare)) return ['unknown'];
  const [a = 0, b = 0, c = 0, d = 0] = groupsOf(bare);
  const network = (...groups: number[]) => groups.map((group) => group.toString(16)).join(':');
  return [`${network(a, b, c, d)}::/64`, `${network(a, b, c, d & 0xff00)}::/56`, `${network(a, b, c)}::/48`];
}

/** The eight groups of an IPv6 address (RFC 4291 section 2.2), as far as none is written as IPv4. */
function groupsOf(address: string): number[] {
  const [left = '', right] = address.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right ? right.split(':') : [];
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  const groups = right === undefined ? head : [...head, ...zeros, ...tail];
  return groups.map((group) => Number.parseInt(group, 16));
}
