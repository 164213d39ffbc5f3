// Health check of a part's container: `node docker/ready.mjs PORT [QUESTION]` ends with 0 when the part is ready, or
// whatever it is asked.
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

const [port, question = 'ready'] = process.argv.slice(2);
const hasTls = Object.entries(process.env).some(([name, value]) => name.endsWith('_TLS_CERT_FILE') && value);
const address = { host: '127.0.0.1', port, path: `/-/${question}` };
// It asks itself: whose certificate that is need not be proven.
const request = hasTls ? getHttps({ ...address, rejectUnauthorized: false }) : getHttp(address);
process.exitCode = 1;
request.on('response', (response) => {
  process.exitCode = response.statusCode === 200 ? 0 : 1;
  response.resume();
});
request.on('error', () => {});
