import { load } from 'cheerio';

/** What a page says, in one line. */
export const textOf = (body: string): string => load(body)('main').text().replace(/\s+/g, ' ');

/** What a page says is wrong at one field; empty where nothing is. */
export const errorAt = (body: string, name: string): string =>
  load(body)(`#field-${name}-error`).text().replace('Error: ', '');
