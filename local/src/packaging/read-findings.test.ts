import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFindings, whyHarmless } from './read-findings.ts';

const SAID = `
🔬 Checking compatibility between src/module.ts and @grafana/data@12.3.3...
Comparing @grafana/data@latest to @grafana/data@12.3.3

  INCOMPATIBILITIES (2)

1) Removed \`DataSourceConfigValidationAPI.setError\` used in \`/home/x/grafana-plugin/src/settings/useSettingsValidation.ts:32\`
2) Changed \`createDataFrame\` used in \`/home/x/grafana-plugin/src/frames/toLogFrame.ts:40\`

Comparing @grafana/runtime@latest to @grafana/runtime@12.3.3

  INCOMPATIBILITIES (1)

`;

test('what another version has otherwise is read with its place, and told apart from what does no harm', () => {
  const findings = readFindings(SAID);
  assert.deepEqual(
    findings.map((finding) => [finding.package, finding.what, finding.name, finding.place]),
    [
      [
        '@grafana/data',
        'Removed',
        'DataSourceConfigValidationAPI.setError',
        'src/settings/useSettingsValidation.ts:32',
      ],
      ['@grafana/data', 'Changed', 'createDataFrame', 'src/frames/toLogFrame.ts:40'],
    ],
  );
  assert.deepEqual(
    findings.map((finding) => whyHarmless(finding) !== undefined),
    [true, false],
  );
});
