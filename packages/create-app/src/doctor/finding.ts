/** What is wrong, by which check, and what mends it. */
export interface Finding {
  check: 'template' | 'process' | 'port' | 'cookie' | 'secrets' | 'issuer' | 'clock' | 'database';
  /** A warning is something to do some time; a fault keeps the app from working or from being safe. */
  severity: 'fault' | 'warning';
  cause: string;
  /** The command, or what to change. */
  mend: string;
}

type Check = Finding['check'];

export const fault = (check: Check, cause: string, mend: string): Finding => ({
  check,
  severity: 'fault',
  cause,
  mend,
});

export const warning = (check: Check, cause: string, mend: string): Finding => ({
  ...fault(check, cause, mend),
  severity: 'warning',
});

/** Starting makes what is missing: secrets, roles, logins, rights, tables, registrations. */
export const restart = 'end npm start with Ctrl-C, and npm start again';
