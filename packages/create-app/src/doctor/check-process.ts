import { ask } from './ask.ts';
import { type Finding, fault, restart } from './finding.ts';

export interface RunningApp {
  clientId: string;
  url: string;
}

/** What an app that runs tells of itself when somebody begins to sign in. */
export interface Probe {
  findings: Finding[];
  /** The name with which its cookies begin. */
  cookie?: string | undefined;
}

/** Begins a sign-in as a browser would, and leaves it: the redirect tells the issuer, the client and the cookie. */
export async function checkProcess({ clientId, url }: RunningApp, issuer: string): Promise<Probe> {
  const log = `less .local/log/${clientId}.log`;
  const alive = await ask(`${url}/livez`);
  if (!alive.response) {
    return {
      findings: [fault('process', `nothing answers at ${url} (${alive.error}): it has ended or does not start`, log)],
    };
  }
  const login = (await ask(`${url}/auth/login`)).response;
  const target = URL.parse(login?.headers.get('location') ?? '');
  const [cookie] = (login?.headers.getSetCookie() ?? []).flatMap((each) => /^(.+)\.login-/.exec(each)?.[1] ?? []);
  const ready = (await ask(`${url}/readyz`)).response;
  const findings: Finding[] = [];
  if (ready?.status === 503) {
    const { reason, status } = (await ready.json()) as { reason?: string; status?: string };
    findings.push(fault('process', `it runs and is not ready: ${reason ?? status}`, log));
  }
  if (!target) {
    if (ready?.status === 503) return { findings };
    const cause = alive.response.ok
      ? `it begins no sign-in: /auth/login answered ${login?.status}`
      : `another program answers at ${url}`;
    return { findings: [fault('port', cause, alive.response.ok ? log : `end that program; ${restart}`)] };
  }
  const asked = target.searchParams.get('client_id');
  if (target.origin !== issuer) {
    findings.push(
      fault('issuer', `it sends people to ${target.origin} for sign-in, and the issuer is ${issuer}`, restart),
    );
  }
  if (asked !== clientId) {
    findings.push(fault('port', `the app at ${url} is ${asked}`, `end the program that has this port; ${restart}`));
  }
  return { findings, cookie };
}

/** @param probes by clientId. Cookies ignore ports: apps with the same name would sign each other’s people out. */
export function checkCookies(probes: ReadonlyMap<string, Probe>): Map<string, Finding[]> {
  return new Map(
    [...probes].map(([clientId, { cookie }]) => {
      const sharing = [...probes].filter(([other, probe]) => other !== clientId && cookie && probe.cookie === cookie);
      const mend = `leave cookieName out of authClient() in apps/${clientId}/src/app.ts`;
      return [
        clientId,
        sharing.map(([other]) => fault('cookie', `its cookie ${cookie} is also that of ${other}`, mend)),
      ];
    }),
  );
}
