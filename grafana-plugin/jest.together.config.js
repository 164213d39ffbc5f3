const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { globSync } = require('glob');
const config = require('./jest.config');

/** It takes as long as all others together, and runs beside them. */
const LONGEST = 'src/components/QueryEditor.test.tsx';
const files = globSync('src/**/*.test.{ts,tsx}', { cwd: __dirname, posix: true }).sort();
/** A module that a test file replaces would be replaced for the others too. */
const replacesModules = (file) => readFileSync(join(__dirname, file), 'utf8').includes('jest.mock(');
const alone = files.filter((file) => file === LONGEST || replacesModules(file));

/**
 * As the repository's `npm test` runs the tests: one file of jest holds most test files, since jest loads Grafana's libraries anew for
 * each of its files: half of the CPU time. `npm test -w storepulse-commerce-datasource` runs each by itself.
 */
module.exports = {
  ...config,
  testMatch: ['jest-together.test.js', ...alone].map((file) => `<rootDir>/${file}`),
  globals: { TOGETHER: files.filter((file) => !alone.includes(file)) },
};
