import { t as translate } from 'i18next';

/** Grafana keeps the texts of a plugin under its id. */
const NAMESPACE = 'storepulse-commerce-datasource';

/**
 * A text of the editors in the reader's language: Grafana loads `locales/<language>/storepulse-commerce-datasource.json` for each
 * language that plugin.json names before the plugin, and the English text is the key. What is not translated stays English.
 */
export function t(english: string): string {
  // Before i18next has begun, as in tests, it gives nothing.
  return (
    translate(english, {
      ...{ ns: NAMESPACE, defaultValue: english },
      // Texts have points, colons and braces in them.
      ...{ keySeparator: false, nsSeparator: false, skipInterpolation: true },
    }) || english
  );
}
