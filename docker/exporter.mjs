// The exporter's container: `node docker/exporter.mjs PROFILES`. Beside an archiver, with the profile `lake`, it answers any combination of
// dimensions from the lake; a value of EXPORTER_DEPTH_MB in the environment is kept.
const [profiles = ''] = process.argv.slice(2);
if (profiles.split(',').includes('lake')) process.env.EXPORTER_DEPTH_MB ||= '512';
await import('../exporter/src/main.ts');
