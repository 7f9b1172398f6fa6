import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';

/** A step into a YAML document: the key of a map. */
type Path = readonly string[];

/** Finds places in YAML by their keys and changes whole lines there, so that all else stays as its authors wrote it. */
export function yamlLines(source: string) {
  const document = parseDocument(source);
  return {
    keysAt: (path: Path): string[] => mapAt(document, path).items.map(({ key }) => String(key)),
    /** The text of an entry, with its key, in whole lines. */
    entry(path: Path): string {
      const { begin, end } = linesOf(source, pairAt(document, path));
      return source.slice(begin, end);
    },
    /** With text after the last item of the map or list there. */
    append(path: Path, text: string): string {
      const at = lineEnd(source, endOf(document.getIn(path, true)));
      return source.slice(0, at) + text + source.slice(at);
    },
    /** With text before the entry. */
    before(path: Path, text: string): string {
      const { begin } = linesOf(source, pairAt(document, path));
      return source.slice(0, begin) + text + source.slice(begin);
    },
    /**
     * Without the entry of a map, and without the empty line above it if that is all that parts it from the one before.
     */
    withoutEntry(path: Path): string {
      const { begin, end } = linesOf(source, pairAt(document, path));
      const from = source.slice(0, begin).endsWith('\n\n') ? begin - 1 : begin;
      return source.slice(0, from) + source.slice(end);
    },
    /** Without an item of a list of words. */
    withoutItem(path: Path, item: string): string {
      const list = document.getIn(path, true);
      const node = isCollection(list) ? list.items.find((each) => isScalar(each) && each.value === item) : undefined;
      if (!isScalar(node)) return source;
      const begin = source.lastIndexOf('\n', startOf(node)) + 1;
      return source.slice(0, begin) + source.slice(lineEnd(source, endOf(node)));
    },
  };
}

function mapAt(document: Document, path: Path) {
  const node = path.length ? document.getIn(path, true) : document.contents;
  if (!isMap(node)) throw new Error(`There is no map at ${path.join('.')}`);
  return node;
}

function pairAt(document: Document, path: Path): Pair {
  const pair = mapAt(document, path.slice(0, -1)).items.find(({ key }) => String(key) === path.at(-1));
  if (!pair) throw new Error(`There is no entry ${path.join('.')}`);
  return pair;
}

function linesOf(source: string, { key, value }: Pair) {
  return {
    begin: source.lastIndexOf('\n', startOf(key as Node)) + 1,
    end: lineEnd(source, endOf(value)),
  };
}

const lineEnd = (source: string, position: number): number => {
  const newline = source.indexOf('\n', position);
  return newline === -1 ? source.length : newline + 1;
};

const startOf = (node: Node): number => node.range?.[0] ?? 0;

/** Where the last character of a node is: collections in block style claim the empty lines after them. */
function endOf(node: unknown): number {
  if (isPair(node)) return endOf(node.value ?? node.key);
  if (isCollection(node) && !node.flow && node.items.length > 0) return endOf(node.items.at(-1));
  if (isScalar(node) || isAlias(node) || isCollection(node)) return (node.range?.[1] ?? 1) - 1;
  throw new Error('The YAML document ends before the place that was looked for');
}
