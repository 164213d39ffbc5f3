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

/** Longer than any menu takes. */
const MENU_MS = 30_000;
/** A list that somebody reads has not changed for so long. */
const STILL_MS = 600;

/** The texts of a menu once they no longer change, one of which is wanted: it lists anew what was typed a moment later. */
async function settled(options: Locator, wanted: RegExp): Promise<string[]> {
  let before: string[] = [];
  return until(
    `the menu has settled, with ${wanted}`,
    async () => {
      const seen = await options.allTextContents();
      await options.page().waitForTimeout(STILL_MS);
      before = await options.allTextContents();
      return seen;
    },
    (seen) => seen.some((text) => wanted.test(text)) && seen.join() === before.join(),
    MENU_MS,
  );
}

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
      const offered = await settled(page.getByRole('option'), option);
      // A menu of one choice marks its first option, one of several choices none; each arrow marks the next.
      const isMarked = await menu.getAttribute('aria-activedescendant');
      const arrows = offered.findIndex((text) => option.test(text)) + (isMarked ? 0 : 1);
      for (let n = 0; n < arrows; n++) await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
    },
    async press(control, key = 'Enter') {
      await goTo(control);
      await keyboard.press(key);
    },
    async write(label, text) {
      const field = page.getByRole('textbox', { name: new RegExp(`^${label}`) });
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
