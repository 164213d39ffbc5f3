import type { Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';

/** Somebody who has no pointer. */
export interface Typist {
  /** Goes on by Tab until a control has the focus. */
  goTo(control: Locator): Promise<void>;
  /** Goes to a menu, types a part of an option, and takes it. */
  choose(label: string, typed: string, option: RegExp): Promise<void>;
  /** Goes to a control and presses it. */
  press(control: Locator, key?: string): Promise<void>;
  /** Goes to a field and writes a text in place of what is there. */
  write(label: string, text: string): Promise<void>;
}

/** More Tabs than a page has controls: what is not reached by then can't be reached. */
const MOST_TABS = 150;

/** Uses a page by its keyboard alone. */
export function createTypist(page: Page): Typist {
  const { keyboard } = page;
  const isFocused = (control: Locator) =>
    control.evaluate((element) => element === element.ownerDocument.activeElement);

  async function goTo(control: Locator): Promise<void> {
    await control.waitFor();
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      if (await isFocused(control)) return;
      await keyboard.press('Tab');
    }
    const at: string = await page.evaluate('document.activeElement?.outerHTML.slice(0, 300)');
    throw new Error(`${control} is not reached by Tab; the focus is on ${at}`);
  }

  return {
    goTo,
    async choose(label, typed, option) {
      const menu = page.getByRole('combobox', { name: label, exact: true });
      await goTo(menu);
      await keyboard.press('ArrowDown');
      await keyboard.type(typed);
      await page.getByRole('option', { name: option }).first().waitFor();
      // The first one is marked; each arrow marks the next.
      const offered = await page.getByRole('option').allTextContents();
      for (let n = offered.findIndex((text) => option.test(text)); n > 0; n--)
        await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
    },
    async press(control, key = 'Enter') {
      await goTo(control);
      await keyboard.press(key);
    },
    async write(label, text) {
      const field = page.getByRole('textbox', { name: label, exact: true });
      await goTo(field);
      await keyboard.press('ControlOrMeta+A');
      await keyboard.type(text);
      await until(
        `${label} holds what was typed`,
        () => field.inputValue(),
        (value) => value === text,
      );
    },
  };
}
