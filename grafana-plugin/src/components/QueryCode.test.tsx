import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aQuery } from '../testing/fixtures';
import { openEditor } from '../testing/openEditor';
import { accessibilityFaults } from '../testing/render';

// Monaco does not run in jsdom: a plain field takes the same text, and hands it over when it is left.
jest.mock('@grafana/ui', () => ({
  ...jest.requireActual<object>('@grafana/ui'),
  CodeEditor: ({ value, onChange, onBlur }: CodeEditorProps) => (
    <textarea
      aria-label="Query as text"
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      onBlur={({ currentTarget }) => onBlur(currentTarget.value)}
    />
  ),
}));

interface CodeEditorProps {
  value: string;
  onChange: (text: string) => void;
  onBlur: (text: string) => void;
}

/** Replaces the text of the code editor, and leaves it. */
async function writeCode(text: string) {
  const field = screen.getByRole('textbox', { name: 'Query as text' });
  await userEvent.clear(field);
  await userEvent.click(field);
  await userEvent.paste(text);
  await userEvent.tab();
}

test('builder and code edit the same query: switching between them changes nothing that is asked', async () => {
  const filters = [{ dimension: 'country', operator: 'not_in' as const, values: ['France', '$x'] }];
  const query = aQuery({ groupBy: 'country', filters, interval: '1d', limit: 5, hide: true });
  const { changes, onRunQuery } = openEditor(query);
  await userEvent.click(await screen.findByRole('radio', { name: 'Code' }));
  expect(screen.getByRole('textbox', { name: 'Query as text' })).toHaveValue(
    'net_sales of demo by country where country not in ("France", $x) every 1d top 5',
  );
  await userEvent.click(screen.getByRole('radio', { name: 'Builder' }));
  expect(changes).toEqual([
    { ...query, editorMode: 'code' },
    { ...query, editorMode: 'builder' },
  ]);
  expect(onRunQuery).not.toHaveBeenCalled();
});

test('a text becomes the query once the editor is left', async () => {
  const { changes, onRunQuery } = openEditor(aQuery({ editorMode: 'code', limit: 3, hide: true }));
  await writeCode('orders of demo by country where country = "France" as table');
  expect(changes).toEqual([
    aQuery({
      editorMode: 'code',
      hide: true,
      metric: 'orders',
      groupBy: 'country',
      filters: [{ dimension: 'country', operator: 'in', values: ['France'] }],
      format: 'table',
    }),
  ]);
  expect(onRunQuery).toHaveBeenCalledTimes(1);
});

test('a text that can’t be read says where, leaves the query as it was, and is not lost to the builder', async () => {
  const { changes } = openEditor(aQuery({ editorMode: 'code' }));
  await writeCode('orders of demo\nby country by device');
  expect(screen.getByText('Line 2, column 12: "by" is there twice. Remove one.')).toBeInTheDocument();
  expect(changes).toEqual([]);
  expect(screen.getByRole('radio', { name: 'Builder' })).toBeDisabled();
  await userEvent.click(screen.getByRole('button', { name: 'Discard the text' }));
  expect(screen.getByRole('textbox', { name: 'Query as text' })).toHaveValue('net_sales of demo');
  expect(screen.getByRole('radio', { name: 'Builder' })).toBeEnabled();
});

test('a name that the catalogue does not have is told with its place, and asked all the same', async () => {
  const { changes } = openEditor(aQuery({ editorMode: 'code' }));
  await writeCode('net_slaes of demo');
  expect(await screen.findByText('Line 1, column 1: There is no metric net_slaes.')).toBeInTheDocument();
  expect(changes.at(-1)?.metric).toBe('net_slaes');
});

test('the code editor has names that assistive technology can tell', async () => {
  openEditor(aQuery({ editorMode: 'code' }));
  await screen.findByRole('textbox', { name: 'Query as text' });
  expect(await accessibilityFaults()).toEqual([]);
});
