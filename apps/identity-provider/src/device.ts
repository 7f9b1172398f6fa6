import Bowser from 'bowser';
import type { Request } from 'express';

/** The browser that sent a request, in words by which its owner recognises it: "Firefox on Windows". */
export function deviceOf(req: Pick<Request, 'headers'>): string {
  const userAgent = req.headers['user-agent'];
  if (!userAgent) return 'An unknown browser';
  const { browser, os } = Bowser.parse(userAgent.slice(0, 500));
  const name = browser.name || 'Another browser';
  return os.name ? `${name} on ${os.name}` : name;
}
