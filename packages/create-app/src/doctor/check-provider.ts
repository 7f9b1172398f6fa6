import { ask } from './ask.ts';
import { type Finding, fault, restart } from './finding.ts';

/** Seconds by which relying parties let the provider's clock differ from theirs: `clockTolerance` of auth-client. */
const tolerance = 30;

/** Whether the identity provider answers as the issuer that it is said to be, and what its clock says. */
export async function checkProvider(issuer: string): Promise<Finding[]> {
  const { response, error } = await ask(`${issuer}/.well-known/openid-configuration`);
  if (!response) return [fault('issuer', `the identity provider does not answer at ${issuer} (${error})`, restart)];
  const findings: Finding[] = [];
  const announced = response.ok ? await issuerIn(response) : undefined;
  if (announced === undefined) {
    const cause = `what answers at ${issuer} with ${response.status} is not an identity provider`;
    findings.push(fault('issuer', cause, `end the program that has this port; ${restart}`));
  } else if (announced !== issuer) {
    findings.push(fault('issuer', `the identity provider at ${issuer} calls itself ${announced}`, restart));
  }
  const offset = (Date.parse(response.headers.get('date') ?? '') - Date.now()) / 1000;
  if (Math.abs(offset) > tolerance) {
    const apart = `${Math.abs(Math.round(offset))} s ${offset > 0 ? 'ahead of' : 'behind'}`;
    const cause = `the identity provider’s clock is ${apart} this machine’s: beyond ${tolerance} s its tokens are refused`;
    findings.push(fault('clock', cause, 'set both clocks by NTP: timedatectl set-ntp true'));
  }
  return findings;
}

async function issuerIn(response: Response): Promise<string | undefined> {
  try {
    return ((await response.json()) as { issuer?: string }).issuer;
  } catch {
    return undefined;
  }
}
