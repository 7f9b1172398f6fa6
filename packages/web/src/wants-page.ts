import type { Request } from 'express';

/**
 * Whether this request is a browser going to a page, so that an HTML answer (or a redirect to sign-in)
 * makes sense. Everything else (fetch, XMLHttpRequest, images, API clients) is answered in JSON:
 * a script that follows a redirect to another origin sees nothing but "Load failed".
 *
 * Fetch Metadata decides where the browser sends it; `Accept` must name HTML in any case.
 */
export function wantsPage(req: Request): boolean {
  if (req.get('x-requested-with') !== undefined) return false;
  if (/^bearer /i.test(req.get('authorization') ?? '')) return false;
  const mode = req.get('sec-fetch-mode');
  if (mode !== undefined && mode !== 'navigate') return false;
  const destination = req.get('sec-fetch-dest');
  if (destination !== undefined && destination !== 'document') return false;
  return /\btext\/html\b|\bapplication\/xhtml\+xml\b/i.test(req.get('accept') ?? '');
}
