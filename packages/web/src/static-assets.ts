import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Request, RequestHandler } from 'express';
import { infrastructure } from './routes/inspect-routes.ts';

interface Asset {
  body: Buffer;
  type: string;
}

export interface Assets {
  /** The address of a file; it changes with the file's content. @throws Error when there is no such file */
  url(name: string): string;
  at(url: string): Asset | undefined;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Reads the files of a folder once, at start, and gives each an address with a hash of its content.
 * The folder `x.css.d` is the file `x.css`, made of its parts in the order of their names.
 * @param more further files, by name
 */
export function loadAssets(folder: string, more: Readonly<Record<string, string>> = {}): Assets {
  const urls = new Map<string, string>();
  const assets = new Map<string, Asset>();
  const own = readdirSync(folder).map((entry) => [entry.replace(/\.d$/, ''), join(folder, entry)] as const);
  for (const [name, path] of [...own, ...Object.entries(more)]) {
    const body = contentOf(path);
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 10);
    const extension = extname(name);
    const url = `/assets/${name.slice(0, -extension.length)}.${hash}${extension}`;
    urls.set(name, url);
    assets.set(url, { body, type: TYPES[extension] ?? 'application/octet-stream' });
  }
  return {
    url: (name) => {
      const url = urls.get(name);
      if (!url) throw new Error(`there is no asset ${name}`);
      return url;
    },
    at: (url) => assets.get(url),
  };
}

function contentOf(path: string): Buffer {
  if (!statSync(path).isDirectory()) return readFileSync(path);
  const parts = readdirSync(path).sort();
  return Buffer.concat(parts.map((part) => readFileSync(join(path, part))));
}

export function assetAskedFor({ app, method, path }: Request): Asset | undefined {
  return method === 'GET' || method === 'HEAD' ? (app.locals.assets as Assets | undefined)?.at(path) : undefined;
}

/**
 * Serves the shared style sheet, script and icon; browsers may keep them for a year, as new content has a new address.
 */
export function staticAssets(): RequestHandler {
  return infrastructure<RequestHandler>((req, res, next) => {
    const asset = assetAskedFor(req);
    if (!asset) return next();
    res.set({ 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' });
    res.send(asset.body);
  });
}
