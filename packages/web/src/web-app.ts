import { join } from 'node:path';
import ejs from 'ejs';
import express, { type Express } from 'express';
import { loadAssets } from './static-assets.ts';
import { type ViewApp, viewLocals } from './view-locals.ts';

const PACKAGE = join(import.meta.dirname, '..');

export interface WebAppOptions extends ViewApp {
  /** Folders with the app's own views; they come before the shared ones. */
  views: readonly string[];
  /** Files of the app's own that browsers load, by the name that `asset()` knows them by. */
  assets?: Readonly<Record<string, string>>;
  /** Addresses or CIDR blocks of the proxies in front. Default: none is trusted. */
  trustProxy?: readonly string[];
}

/** An Express app that renders EJS views in the shared look, with the locals that every view may use. */
export function createWebApp({ views, assets = {}, trustProxy = [], ...viewApp }: WebAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  // An answer with a fresh CSRF token never matches, so a hash of every page would be for nothing.
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', trustProxy);
  app.engine('ejs', (path, values, done) => ejs.renderFile(path, values, done));
  app.set('view engine', 'ejs');
  app.set('views', [...views, join(PACKAGE, 'views')]);
  app.locals.assets = loadAssets(join(PACKAGE, 'public'), assets);
  app.use(viewLocals(app, viewApp));
  return app;
}
