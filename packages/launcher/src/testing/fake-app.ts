/** A tiny app for tests of supervision: serves /readyz, ends itself on GET /crash, ignores SIGTERM when STUBBORN. */
import { createServer } from 'node:http';

if (process.env.CRASH_AT_START) {
  console.error('no such setting: FLAVOUR');
  process.exit(7);
}
if (process.env.STUBBORN) process.on('SIGTERM', () => console.log('not listening to you'));

const server = createServer((request, response) => {
  if (request.url === '/crash') process.exit(3);
  response.end(String(process.pid));
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
