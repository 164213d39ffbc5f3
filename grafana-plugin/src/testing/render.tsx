import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { type ReactNode, useState } from 'react';

/** What an editor is given: a value, and a way to change it. */
export interface EditorProps<T> {
  value: T;
  onChange: (value: T) => void;
}

/**
 * Draws an editor that keeps what it changes, as Grafana does around it.
 * @returns every value it changed to, the last one last
 */
export function renderEditor<T>(initial: T, draw: (props: EditorProps<T>) => ReactNode): T[] {
  const changes: T[] = [];
  function Host() {
    const [value, setValue] = useState(initial);
    const onChange = (changed: T) => {
      changes.push(changed);
      setValue(changed);
    };
    return draw({ value, onChange });
  }
  render(<Host />);
  return changes;
}

/** Opens a combobox by its label and chooses the option whose text begins with `option`. */
export async function choose(label: string, option: string): Promise<void> {
  await userEvent.click(await screen.findByRole('combobox', { name: label }));
  const list = await screen.findByRole('listbox', undefined, { timeout: 5_000 });
  await userEvent.click(await within(list).findByRole('option', { name: new RegExp(`^${option}`) }));
}

/**
 * Violations of accessibility rules in what is drawn, by rule; colours are not computed in jsdom.
 * @param without rules that a component of Grafana's breaks
 */
export async function accessibilityFaults(without: readonly string[] = []): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    rules: Object.fromEntries(
      ['color-contrast', 'region', ...without].map((rule) => [rule, { enabled: false }]),
    ),
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
