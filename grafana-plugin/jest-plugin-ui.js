/**
 * The parts of `@grafana/plugin-ui` that the plugin uses, as webpack leaves them in the bundle. The whole package would
 * be loaded in each test otherwise, with its query builders and their libraries.
 */
const parts = '../node_modules/@grafana/plugin-ui/dist/esm/components/ConfigEditor';

module.exports = {
  ...require(`${parts}/Auth/Auth.js`),
  ...require(`${parts}/Auth/utils.js`),
  ...require(`${parts}/ConfigSection/ConfigSection.js`),
};
