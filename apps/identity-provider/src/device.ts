import Bowser from 'bowser';
import type { Request } from 'express';
import type { Translate } from './languages/translate.ts';

const UNKNOWN = 'An unknown browser';
const OTHER = 'Another browser';

/** The browser that sent a request, as records keep it and administrators read it: "Firefox on Windows". */
export function deviceOf(req: Pick<Request, 'headers'>): string {
  const userAgent = req.headers['user-agent'];
  if (!userAgent) return UNKNOWN;
  const { browser, os } = Bowser.parse(userAgent.slice(0, 500));
  const name = browser.name || OTHER;
  return os.name ? `${name} on ${os.name}` : name;
}

/** A browser that `deviceOf` has named, in words by which its owner recognises it. */
export function deviceInWords(t: Translate, device: string): string {
  const [name = '', system] = device.split(' on ');
  const browser = name === UNKNOWN ? t('common.deviceUnknown') : name === OTHER ? t('common.deviceOther') : name;
  return system ? t('common.device', { browser, system }) : browser;
}
