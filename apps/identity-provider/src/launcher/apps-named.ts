interface Named {
  title: string;
  description?: string;
}

/** The apps whose title or description has every word of `search`, whatever its case and accents, in any order. */
export function appsNamed<App extends Named>(search: string, apps: readonly App[]): App[] {
  const words = folded(search).split(/\s+/);
  return apps.filter(({ title, description = '' }) => {
    const text = folded(`${title} ${description}`);
    return words.every((word) => text.includes(word));
  });
}

const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .trim();
