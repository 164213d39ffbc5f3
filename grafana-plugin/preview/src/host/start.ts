import { createTheme, type GrafanaTheme2 } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { installDataSources, installServices } from './services/installServices.ts';
import { interceptLinks } from './services/interceptLinks.ts';
import { loadDataSources } from './services/loadDataSources.ts';
import { shareModules } from './services/loadPlugin.ts';

/** Grafana's typeface, as its styles name it. Texts are measured before they are drawn, so it has to be there first. */
async function loadFont(): Promise<void> {
  const font = new FontFace('Inter', 'url(/public/fonts/inter/Inter-Regular.woff2)', { weight: '400 500' });
  document.fonts.add(await font.load());
}

/** Does what Grafana does before its first page: texts, theme, services, data sources with their plugin; all at once. */
export async function start(): Promise<GrafanaTheme2> {
  const mode = new URLSearchParams(window.location.search).get('theme') === 'light' ? 'light' : 'dark';
  const theme = createTheme({ colors: { mode } });
  installServices(theme);
  shareModules();
  interceptLinks();
  const [sources] = await Promise.all([loadDataSources(), loadFont(), initPluginTranslations('grafana-ui')]);
  installDataSources(sources);
  return theme;
}
