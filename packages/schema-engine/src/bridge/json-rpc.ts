import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A method of the engine. `print` shows text to the user of the CLI. */
export type Method = (params: never, print: (text: string) => void) => Promise<unknown>;

interface Message {
  id: number;
  /** Absent in the CLI's answers to our own `print` requests. */
  method?: string;
  params?: unknown;
}

const methodNotFound = -32601;
const engineError = 4466;

/** Answers JSON-RPC requests, one a line, in the order they came, until the input ends. */
export async function serveJsonRpc(
  input: Readable,
  output: Writable,
  methods: Partial<Record<string, Method>>,
): Promise<void> {
  const send = (message: object) => output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  let printed = 0;
  const print = (content: string) => send({ id: `print-${++printed}`, method: 'print', params: { content } });

  for await (const line of createInterface({ input })) {
    if (!line.trim()) continue;
    const { id, method, params }: Message = JSON.parse(line);
    if (!method) continue;
    const run = methods[method];
    if (!run) {
      send({ id, error: { code: methodNotFound, message: `The schema engine has no method ${method}.` } });
      continue;
    }
    try {
      send({ id, result: (await run(params as never, print)) ?? {} });
    } catch (error) {
      send({ id, error: { code: engineError, message: 'The schema engine failed.', data: describe(error) } });
    }
  }
}

/** The WASM engine throws errors that carry Prisma's own code (`P3009`) and its details. */
function describe(error: unknown) {
  const { name, message, code, meta } = error as Error & { code?: string; meta?: unknown };
  return {
    is_panic: name === 'RuntimeError',
    message: message ?? String(error),
    meta: meta ?? null,
    error_code: code ?? null,
  };
}
