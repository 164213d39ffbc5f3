import { locationService } from '@grafana/runtime';

/** Addresses within the page; `/simulator` and files are the server's. */
const WITHIN = /^\/(d\/|dashboards$|explore$|editor$|$)/;

/** Follows links within the page without loading it anew, wherever a component has drawn them, as Grafana does. */
export function interceptLinks(): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isPlain =
      event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || (link.target !== '' && link.target !== '_self'))
      return;
    const { origin, pathname, search } = link;
    if (origin !== window.location.origin || !WITHIN.test(pathname) || link.hasAttribute('download')) return;
    event.preventDefault();
    locationService.push(pathname + search);
  });
}
