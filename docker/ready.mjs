// Health check of a part's container: `node docker/ready.mjs PORT [QUESTION]` ends with 0 when the part is ready, or
// whatever it is asked.
const [port, question = 'ready'] = process.argv.slice(2);
const { ok } = await fetch(`http://127.0.0.1:${port}/-/${question}`).catch(() => ({ ok: false }));
process.exitCode = ok ? 0 : 1;
