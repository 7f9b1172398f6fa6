import { closeSync, existsSync, fstatSync, openSync, readSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { styleText } from 'node:util';

const colours = ['cyan', 'magenta', 'yellow', 'green', 'blue', 'red'] as const;

/** Prints what is appended to the log files of this folder, each line after the name of its process. */
export function followLogs(folder: string, print: (line: string) => void): Disposable {
  const read = new Map<string, { upTo: number; rest: string }>();

  const printNew = (file: string) => {
    const state = read.get(file) ?? { upTo: 0, rest: '' };
    const text = readFrom(join(folder, file), state.upTo);
    const lines = (state.rest + text).split('\n');
    read.set(file, { upTo: state.upTo + Buffer.byteLength(text), rest: lines.pop() ?? '' });
    for (const line of lines) print(`${prefix(file, [...read.keys()].indexOf(file))} ${line}`);
  };
  const watcher = watch(folder, (_, file) => {
    if (file?.endsWith('.log') && existsSync(join(folder, file))) printNew(file);
  });
  return { [Symbol.dispose]: () => watcher.close() };
}

function prefix(file: string, index: number): string {
  const name = basename(file, '.log').padEnd(18);
  return styleText(colours[index % colours.length] ?? 'cyan', `${name}│`, { stream: process.stdout });
}

function readFrom(path: string, position: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(fstatSync(file).size - position, 0));
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, position));
  } finally {
    closeSync(file);
  }
}
