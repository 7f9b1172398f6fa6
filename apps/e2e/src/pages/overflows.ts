import type { Page } from 'playwright-core';

/** The narrowest window that pages are for: WCAG 2.2, 1.4.10 (Reflow). */
export const narrow = { width: 320, height: 640 };

/**
 * What a page in a narrow window shows beyond its card or the window, and a last control that something else covers.
 * Tables and tabs that scroll by themselves are as they should be.
 */
export async function overflowsOf(page: Page, size = narrow): Promise<string[]> {
  await page.setViewportSize(size);
  return page.evaluate<string[]>(`(${measure.toString()})()`);
}

/** Gives every text of the page a word of sixty characters: names and titles that people do have. */
export async function fillWithLongWords(page: Page): Promise<void> {
  await page.evaluate(`(${lengthen.toString()})()`);
}

/* What follows runs in the page, where there is a DOM; these are the parts of it that they need. */
interface Box {
  right: number;
  left: number;
  top: number;
  bottom: number;
  width: number;
  height: number;
}
interface Part {
  textContent: string;
  parentElement: Part;
  closest(selector: string): Part | null;
  contains(other: Part | null): boolean;
  getBoundingClientRect(): Box;
  scrollIntoView(options: { block: 'center' | 'end' }): void;
  checkVisibility(): boolean;
}
declare const document: {
  documentElement: { scrollWidth: number };
  querySelectorAll(selector: string): Iterable<Part>;
  createTreeWalker(root: unknown, what: number): { nextNode(): Part | null };
  createRange(): { selectNodeContents(part: Part): void; getBoundingClientRect(): Box };
  elementFromPoint(x: number, y: number): Part | null;
  body: unknown;
};
declare const innerWidth: number;

function measure(): string[] {
  const faults: string[] = [];
  const scrolling = '.table-scroll, .tabs, .development-bar, .visually-hidden, .skip-link, details:not([open]), pre';
  if (document.documentElement.scrollWidth > innerWidth) {
    faults.push(`the page is ${document.documentElement.scrollWidth}px wide`);
  }
  const walker = document.createTreeWalker(document.body, 4);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    if (text.textContent.trim() === '' || parent.closest(scrolling) || !parent.checkVisibility()) continue;
    if (parent.closest('script, style, option, textarea')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const { right, width } = range.getBoundingClientRect();
    const edge = parent.closest('.card, .stat, .tile, main')?.getBoundingClientRect().right ?? innerWidth;
    if (width > 0 && right > Math.min(edge, innerWidth) + 1) faults.push(`"${text.textContent.trim()}" is cut`);
  }
  for (const part of document.querySelectorAll('main *')) {
    const card = part.parentElement.closest('.card, .stat, .tile');
    if (!card || part.closest(scrolling) || !part.checkVisibility()) continue;
    if (part.getBoundingClientRect().right > card.getBoundingClientRect().right + 1) {
      faults.push(`an element of "${card.textContent.trim().slice(0, 40)}" is wider than its card`);
    }
  }
  const last = [...document.querySelectorAll('main :is(a, button, input:not([type=hidden]), select, textarea)')]
    .filter((control) => control.checkVisibility() && !control.closest(scrolling))
    .at(-1);
  if (last) {
    last.scrollIntoView({ block: 'end' });
    const { left, top, width, height } = last.getBoundingClientRect();
    const there = document.elementFromPoint(left + Math.min(width / 2, 8), top + height / 2);
    if (there && !last.contains(there) && !there.contains(last)) faults.push('the last control is covered');
  }
  return faults;
}

function lengthen(): void {
  const long = 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewiss';
  const named =
    'h1, h2, h3, dt, dd, td, .tile strong, .tile span, .badge, .lede, .timeline-title, .timeline-meta, .choice span';
  for (const part of document.querySelectorAll(`main :is(${named}), .menu-list a, .brand-app, .menu-person strong`)) {
    const walker = document.createTreeWalker(part, 4);
    const text = walker.nextNode();
    if (text && text.textContent.trim() !== '') text.textContent = `${long} ${text.textContent}`;
  }
  for (const figure of document.querySelectorAll('.stat strong')) figure.textContent = '£1,234,567.89';
}
