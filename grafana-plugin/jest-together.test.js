// The test files that jest.together.config.js names, in one environment of jest: they share what they load.
for (const file of globalThis.TOGETHER) {
  describe(file, () => {
    require(`./${file}`);
  });
}
