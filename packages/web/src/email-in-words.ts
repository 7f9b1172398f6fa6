import { domainToUnicode } from 'node:url';

/**
 * An e-mail address as its owner writes it: the directory keeps its domain in the letters of the domain name system.
 */
export function emailInWords(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  return domain.includes('xn--') ? `${email.slice(0, at + 1)}${domainToUnicode(domain)}` : email;
}
