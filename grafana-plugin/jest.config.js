// Times are told in UTC wherever the tests run.
process.env.TZ = 'UTC';

const scaffold = require('./.config/jest.config');
const { grafanaESModules, nodeModulesToTransform } = require('./.config/jest/utils');

const [swc] = Object.values(scaffold.transform);

module.exports = {
  ...scaffold,
  testEnvironment: '<rootDir>/jest-environment.js',
  // Clicks in a form take seconds where the machine is busy; the default of 5 s would judge the machine.
  testTimeout: 90_000,
  // Of `npm run coverage`, which fails below.
  collectCoverageFrom: ['src/**/*.{ts,tsx}', '!src/testing/**'],
  coverageThreshold: { global: { lines: 90 } },
  moduleNameMapper: {
    ...scaffold.moduleNameMapper,
    '^@grafana/plugin-ui$': '<rootDir>/jest-plugin-ui.js',
  },
  // The scaffold compiles the ES modules that it names, but not where their files end in .mjs.
  transform: { ...scaffold.transform, '^.+\\.mjs$': swc },
  transformIgnorePatterns: [
    nodeModulesToTransform([
      ...grafanaESModules,
      '@grafana/plugin-ui',
      '@react-hookz/web',
      '@ver0/deep-equal',
      'typebox',
    ]),
  ],
};
