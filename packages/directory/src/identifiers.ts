import { domainToASCII } from 'node:url';

/** Spaces, and what cannot be seen: joiners, marks of direction, variation selectors, controls. */
const unseen = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;

/**
 * A login as the directory keeps it, however it is typed or pasted: compatibility forms folded and marks composed
 * (NFKC), in lower case, without spaces and without what cannot be seen.
 */
export function normaliseLogin(typed: string): string {
  const folded = typed.normalize('NFKC').replace(unseen, '').toLowerCase();
  // Turkish keyboards make a capital of i that has a dot, and lower case keeps that dot apart.
  return folded.replaceAll('i\u{307}', 'i').normalize('NFKC');
}

/**
 * An e-mail address as the directory keeps it: folded like a login, an internationalised domain in the letters of the
 * domain name system (RFC 5890), which every mail server and every app takes. Mail systems may tell capitals apart
 * before the @ (RFC 5321 section 2.4); none that people use does.
 */
export function normaliseEmail(typed: string): string {
  const folded = normaliseLogin(typed);
  const at = folded.lastIndexOf('@');
  const domain = folded.slice(at + 1);
  if (at < 0 || /^[\x21-\x7e]*$/.test(domain)) return folded;
  const ascii = domainToASCII(domain);
  return ascii ? `${folded.slice(0, at)}@${ascii}` : folded;
}

/** Letters of any script before the @ (RFC 6532), no quoted forms. */
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** The address that was typed, as the directory keeps it; `undefined` where mail could not reach it. */
export function parseEmail(typed: string): string | undefined {
  const email = normaliseEmail(typed);
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, Math.max(at, 0)), email.slice(at + 1)];
  // RFC 5321 section 4.5.3.1, in octets.
  const fits = Buffer.byteLength(email) <= 254 && Buffer.byteLength(local) <= 64;
  return fits && localPart.test(local) && domainName.test(domain) ? email : undefined;
}
