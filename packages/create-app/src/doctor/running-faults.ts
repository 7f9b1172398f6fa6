/** What is wrong with an app that runs, each fault with its cause; empty when it is well. */
export async function runningFaults({ url, issuer }: { url: string; issuer: string }): Promise<string[]> {
  const faults: string[] = [];
  const discovery = await ask(`${issuer}/.well-known/openid-configuration`);
  if (!discovery?.ok) faults.push(`issuer: ${issuer} does not answer`);
  else {
    const { issuer: announced } = (await discovery.json()) as { issuer?: string };
    if (announced !== issuer) faults.push(`issuer: ${issuer} announces itself as ${announced}`);
  }
  if (!(await ask(`${url}/livez`))?.ok) return [...faults, `port: nothing of ours answers at ${url}`];
  if (!(await ask(`${url}/readyz`))?.ok) faults.push('database: the app is alive and not ready; its log has the cause');
  const policy = (await ask(`${url}/`))?.headers.get('content-security-policy') ?? '';
  const formAction = /form-action ([^;]*)/.exec(policy)?.[1]?.split(' ') ?? [];
  if (!formAction.includes(issuer))
    faults.push(`CSP: form-action does not name ${issuer}, so sign-out would be blocked`);
  return faults;
}

async function ask(url: string): Promise<Response | undefined> {
  try {
    return await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
  } catch {
    return undefined;
  }
}
