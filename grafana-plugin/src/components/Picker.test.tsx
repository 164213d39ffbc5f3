import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Picker } from './Picker';

const CITIES = ['Porto', 'Rome', 'Tokyo'];

/** As editors draw it: with a value and a list that are made anew each time. */
function draw(cities = CITIES, list: 'at once' | 'asked for' = 'at once') {
  const options = cities.map((city) => ({ value: city.toLowerCase(), label: city }));
  return (
    <Picker
      aria-label="City"
      options={list === 'at once' ? options : async () => options}
      value={{ value: 'rome', label: 'Rome' }}
      onChange={() => undefined}
    />
  );
}

test.each(['at once', 'asked for'] as const)(
  'what is typed stays while the editor is drawn anew, with a list that is %s',
  async (list) => {
    const { rerender } = render(draw(CITIES, list));
    const picker = screen.getByRole('combobox', { name: 'City' });
    await userEvent.type(picker, 'tok');
    rerender(draw(CITIES, list));
    expect(picker).toHaveValue('tok');
    expect(await screen.findByRole('option', { name: 'Tokyo' })).toBeInTheDocument();
  },
);

test('another list is offered', async () => {
  const { rerender } = render(draw());
  rerender(draw([...CITIES, 'Lima']));
  await userEvent.click(screen.getByRole('combobox', { name: 'City' }));
  expect(await screen.findByRole('option', { name: 'Lima' })).toBeInTheDocument();
});
