/** The form that a page of an app posts by itself, to sign its browser out at the provider. */
export function selfPosting(body: string): { action: string; fields: Record<string, string> } | undefined {
  const [page, action] = /<form id="sign-out" method="post" action="([^"]*)">.*?<\/form>/s.exec(body) ?? [];
  if (page === undefined || action === undefined) return undefined;
  const fields = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return {
    action: unescaped(action),
    fields: Object.fromEntries(fields.map(([, name = '', value = '']) => [unescaped(name), unescaped(value)])),
  };
}

const unescaped = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
