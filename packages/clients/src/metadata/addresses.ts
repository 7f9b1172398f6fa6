import { z } from 'zod';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Locally apps may live at `http` on this machine; in production only a native app's redirect URI may. */
export interface AddressRules {
  production: boolean;
}

/** Metadata services of clouds answer there, and no app does. */
const LINK_LOCAL = /^(169\.254\.|\[fe[89ab])/i;

const isLoopback = (url: URL) => LOOPBACK.has(url.hostname) || url.hostname.endsWith('.localhost');

/** Faults of a web address, in words. */
function webFaults(value: string, { production }: AddressRules): string[] {
  if (!URL.canParse(value)) return ['must be an absolute URL'];
  const url = new URL(value);
  const faults: string[] = [];
  if (url.protocol === 'http:') {
    if (production) faults.push('must be https');
    else if (!isLoopback(url)) faults.push('must be https (http is for this machine only)');
  } else if (url.protocol !== 'https:') faults.push('must be https');
  if (value.includes('#')) faults.push('must have no fragment');
  if (value.includes('*')) faults.push('must be exact: there are no wildcards');
  if (url.username || url.password) faults.push('must name no user');
  if (LINK_LOCAL.test(url.hostname)) faults.push('must not be link-local');
  return faults;
}

/** Native apps: a scheme of their own, a claimed `https` address, or any port of this machine (RFC 8252 section 7). */
function nativeFaults(value: string, rules: AddressRules): string[] {
  if (!URL.canParse(value)) return ['must be an absolute URL'];
  const url = new URL(value);
  if (url.protocol === 'http:') {
    return isLoopback(url) ? webFaults(value, { production: false }) : ['must be http on this machine only'];
  }
  if (url.protocol === 'https:') return isLoopback(url) ? ['must be http on this machine'] : webFaults(value, rules);
  const faults = [];
  if (!url.protocol.includes('.')) faults.push('needs a scheme in reverse domain notation, such as org.example.app');
  if (value.includes('#')) faults.push('must have no fragment');
  if (value.includes('*')) faults.push('must be exact: there are no wildcards');
  return faults;
}

export const webAddress = (rules: AddressRules) => checked((value) => webFaults(value, rules));

export const redirectUri = (rules: AddressRules, applicationType: unknown) =>
  checked((value) => (applicationType === 'native' ? nativeFaults(value, rules) : webFaults(value, rules)));

/** The origin of a browser app, as browsers write it in the header `Origin`. */
export const webOrigin = (rules: AddressRules) =>
  checked((value) => {
    const faults = webFaults(value, rules);
    if (faults.length === 0 && new URL(value).origin !== value) faults.push('must be an origin: no path, no slash');
    return faults;
  });

function checked(faultsOf: (value: string) => string[]) {
  return z.string({ error: 'must be a text' }).superRefine((value, context) => {
    for (const message of faultsOf(value)) context.addIssue({ code: 'custom', message });
  });
}
