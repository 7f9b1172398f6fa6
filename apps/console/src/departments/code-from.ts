/** By which manifests and spreadsheets name what has this name: `Héros & Sons` becomes `heros-sons`. */
export function codeFrom(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const code = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 63);
  return code || 'unnamed';
}
