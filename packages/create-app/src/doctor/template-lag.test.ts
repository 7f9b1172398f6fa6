import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesFile, parseTemplateChanges } from '../checkout/template-changes.ts';
import { type EditableCheckout, editableCheckout } from '../testing/editable-checkout.ts';
import { lagFindings, listFindings, templateLag } from './template-lag.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

describe('C38 how far an app is behind the template', { timeout: 60_000 }, () => {
  let checkout: EditableCheckout;
  beforeEach(async () => {
    checkout = editableCheckout();
    await checkout.makeApp('grants');
    checkout.commit('feat: grants');
  });
  afterEach(() => checkout.dispose());

  const change = () => appendFileSync(checkout.at('template/src/config.ts'), '// more\n');
  const findings = () => lagFindings('grants', templateLag(checkout.root, 'grants'));

  it('is nothing for a new app', () => {
    expect(templateLag(checkout.root, 'grants')).toEqual({ version: 1, changes: [], commits: 0 });
    expect(findings()).toEqual([]);
    expect(listFindings(checkout.root)).toEqual([]);
  });

  it('names each security fix that it lacks as a fault, and the rest as a warning', () => {
    change();
    checkout.announce(2, 'More of it.');
    checkout.commit('feat(template): more');
    checkout.announce(3, 'Escapes what people typed.', true);
    checkout.commit('docs: the list');
    expect(findings()).toEqual([
      {
        check: 'template',
        severity: 'fault',
        cause: 'it lacks the security fix 3 of 2026-12-01: Escapes what people typed.',
        mend: 'pnpm app-update grants',
      },
      expect.objectContaining({ severity: 'warning', cause: 'it is behind the template by 1 change: 2' }),
    ]);
  });

  it('is known by the list where the history was rewritten', () => {
    const pkg = JSON.parse(checkout.read('grants/package.json'));
    pkg.template.commit = 'f'.repeat(40);
    checkout.write('grants/package.json', JSON.stringify(pkg));
    expect(templateLag(checkout.root, 'grants')).toMatchObject({ commits: undefined });
    expect(findings()).toEqual([]);
    checkout.announce(2, 'Escapes what people typed.', true);
    checkout.commit('everything in one commit');
    expect(findings()).toMatchObject([{ severity: 'fault', cause: expect.stringContaining('security fix 2') }]);
  });

  it('warns of a change of the template that nobody has listed', () => {
    change();
    checkout.commit('feat(template): more');
    expect(findings()).toMatchObject([{ severity: 'warning', cause: expect.stringContaining('in 1 commit that no') }]);
    expect(listFindings(checkout.root)).toMatchObject([
      { severity: 'warning', mend: expect.stringContaining(changesFile) },
    ]);
  });
});

it('the list of the template’s changes counts down to 1 and says what each is', () => {
  const page = readFileSync(join(root, changesFile), 'utf8');
  const changes = parseTemplateChanges(page);
  expect(changes).toHaveLength(page.match(/^## /gm)?.length ?? 0);
  expect(changes.map(({ version }) => version)).toEqual(changes.map((_, index) => changes.length - index));
  expect(changes.filter(({ summary }) => !summary.trim())).toEqual([]);
});
