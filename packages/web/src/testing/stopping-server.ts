import express from 'express';
import { createLog } from '../log.ts';
import { serve } from '../serve.ts';

/** A server as a process of its own, for tests of signals. Says its port, then what happens to it. */
const app = express();
app.get('/slow', (_req, res) => {
  process.stdout.write('request\n');
  setTimeout(() => res.send('finished'), 300);
});
const log = createLog({ name: 'stopping', level: 'silent', readable: false });
const onStop = () => process.stdout.write('closed\n');
const { port } = await serve(app, { port: 0, host: '127.0.0.1', log, onStop });
process.stdout.write(`${port}\n`);
