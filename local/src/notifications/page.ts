import type { Notification } from './app.ts';

/** What the page shows. */
export interface Shown {
  /** Since when notifications are kept, ISO 8601. */
  since: string;
  /** How many came. */
  total: number;
  /** Those that are kept, the newest first. */
  notifications: readonly Notification[];
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);

/**
 * The page of all notifications. Its script asks for it again every five seconds and puts in what is new: a page that loads itself
 * anew takes readers from where they are.
 */
export function notificationsPage({ since, total, notifications }: Shown): string {
  const left = total - notifications.length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Storepulse notifications</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Notifications</h1>
<p id="reached" role="status"></p>
<div id="shown" aria-live="polite">
<p>What Alertmanager has sent since <time datetime="${since}">${readable(since)}</time>: ${total}.${left > 0 ? ` The oldest ${left} are not kept.` : ''}</p>
${notifications.length === 0 ? '<p>None yet. To see one: <code>npm run gameday -- payment-outage</code></p>' : list(notifications)}
</div>
</main>
<script src="/page.js"></script>
</body>
</html>
`;
}

const list = (notifications: readonly Notification[]) => `<ol>\n${notifications.map(item).join('\n')}\n</ol>`;

function item({
  at,
  status,
  alert,
  severity,
  shop,
  summary,
  description,
  runbook,
  dashboard,
}: Notification): string {
  const links = [
    ...(runbook ? [`<a href="${escaped(runbook)}">Runbook</a>`] : []),
    ...(dashboard ? [`<a href="${escaped(dashboard)}">Dashboard</a>`] : []),
  ];
  return `<li class="${status}">
<h2>${escaped(alert)} <span class="status">${status}</span></h2>
<p class="facts"><time datetime="${at}">${readable(at)}</time>${severity ? ` · ${escaped(severity)}` : ''}${shop ? ` · ${escaped(shop)}` : ''}</p>
<p>${escaped(summary)}</p>
<p>${escaped(description)}</p>
${links.length > 0 ? `<p>${links.join(' · ')}</p>` : ''}
</li>`;
}

/** What the page runs. */
export const PAGE_SCRIPT = `
const shown = document.querySelector('#shown');
const reached = document.querySelector('#reached');
const say = (text) => {
  if (reached.textContent !== text) reached.textContent = text;
};
setInterval(async () => {
  try {
    const page = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html');
    const fresh = page.querySelector('#shown').innerHTML;
    if (fresh !== shown.innerHTML) shown.innerHTML = fresh;
    say('');
  } catch {
    say('This page can’t be reached any more: what it shows may be old. Does npm start still run?');
  }
}, 5_000);
`;

const readable = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 50rem; margin: 0 auto; padding: 1rem; }
ol { list-style: none; margin: 0; padding: 0; }
li { border: 1px solid #8886; border-left: 0.4rem solid; border-radius: 0.4rem; padding: 0.75rem 1rem; margin: 0 0 1rem; }
li.firing { border-left-color: #d93a3a; }
li.resolved { border-left-color: #2e8b57; }
h2 { font-size: 1.1rem; margin: 0; }
.status { font-weight: normal; }
li p { margin: 0.25rem 0 0; overflow-wrap: anywhere; }
`;
