// Health check of a part's container: `node docker/ready.mjs PORT` ends with 0 when the part is ready.
const { ok } = await fetch(`http://127.0.0.1:${process.argv[2]}/-/ready`).catch(() => ({ ok: false }));
process.exitCode = ok ? 0 : 1;
