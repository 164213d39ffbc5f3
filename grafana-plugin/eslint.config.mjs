import { defineConfig } from 'eslint/config';
import baseConfig from './.config/eslint.config.mjs';

export default defineConfig([
  // The preview has its own checks.
  { ignores: ['.config/', 'dist/', 'preview/'] },
  ...baseConfig,
  // JSX is compiled for React's own runtime, see .swcrc.
  { rules: { 'react/react-in-jsx-scope': 'off' } },
]);
