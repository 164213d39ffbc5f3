import type { Status } from '../http/schemas.ts';

const count = (value: number) => Math.round(value).toLocaleString('en-GB');
const rate = (value: number) => (value < 100 ? value.toFixed(1) : count(value));
/** Few visits by the hour. */
const visits = (perSecond: number) =>
  perSecond < 1 ? `${rate(perSecond * 3_600)} visits/h` : `${rate(perSecond)} visits/s`;

/** What a simulator is doing, as a table for people. */
export function formatStatus(status: Status): string {
  const { profile, faults } = status;
  const requested =
    profile.unit === 'sessions' ? visits(status.requestedRate) : `${rate(status.requestedRate)} events/s`;
  const shares = Object.entries(faults).filter(([, share]) => share > 0);
  const lines: [string, string][] = [
    ['state', status.state],
    ['profile', profile.profile],
    ['requested', requested],
    ['achieved', `${rate(status.achievedRate)} events/s`],
    ['stored', `${count(status.sent)} events`],
    ['queued', `${count(status.queued)}${status.shed > 0 ? `, ${count(status.shed)} shed` : ''}`],
    ['visits', `${count(status.waiting)} under way or planned`],
    ['time', status.madeUntil === null ? 'not begun' : new Date(status.madeUntil).toISOString()],
    ['faults', shares.map(([name, share]) => `${name} ${+(share * 100).toFixed(2)} %`).join(', ') || 'none'],
    ['scenarios', status.scenarios.join(', ') || 'none'],
    ['shops', status.shops.join(', ')],
    ['seed', status.seed],
  ];
  return lines.map(([label, value]) => `${label.padEnd(10)} ${value}`).join('\n');
}
