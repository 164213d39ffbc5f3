// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';
import { configure, getConfig } from '@testing-library/react';

// Menus are placed by promises that begin in an effect of what a click draws: some turns after the click itself. A person sees the
// menu in its place before the next click, and so do tests.
const TURNS = 3;
const { setTimeout: later } = global;
const { asyncWrapper } = getConfig();
const drawn = async (doing) => {
  const result = await doing();
  for (let turn = 0; turn < TURNS; turn++) {
    await new Promise((resolve) => later(resolve, 0));
  }
  return result;
};

// As jest's own time-out: a second would judge the machine.
configure({ asyncUtilTimeout: 15_000, asyncWrapper: (doing) => asyncWrapper(() => drawn(doing)) });

// What browsers have and jsdom lacks. React's scheduler takes setImmediate before a MessageChannel; a real channel
// would keep the test's process alive, and is only made here by the server rendering that no test does.
global.setImmediate = (callback) => setTimeout(callback, 0);
global.MessageChannel = class {
  port1 = {};
  port2 = { postMessage() {} };
};

// jsdom matches every rule against an element whenever its style is asked for, by a role, a name or a click: nine tenths of
// the time of these tests. Rules that hide nothing make no difference to them.
const { StyleSheet } = require('@emotion/sheet');
const insertRule = StyleSheet.prototype.insert;
StyleSheet.prototype.insert = function (rule) {
  if (/display:\s*none|visibility:\s*(hidden|collapse)|pointer-events/.test(rule)) {
    insertRule.call(this, rule);
  }
};

// For the same reason a style is told again as long as nothing of the page has changed.
const { getComputedStyle } = window;
const changes = new MutationObserver(() => forget());
changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
let styles;
const forget = () => {
  styles = new WeakMap();
};
forget();
window.getComputedStyle = (element, pseudo) => {
  if (changes.takeRecords().length > 0) {
    forget();
  }
  if (!styles.has(element)) {
    styles.set(element, new Map());
  }
  const known = styles.get(element);
  if (!known.has(pseudo)) {
    known.set(pseudo, getComputedStyle.call(window, element, pseudo));
  }
  return known.get(pseudo);
};

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
global.ResizeObserver = Observer;
global.IntersectionObserver = Observer;

// Without a layout everything has no size, and lists that draw only what is in sight would stay empty.
Element.prototype.getBoundingClientRect = () => ({
  x: 0,
  y: 0,
  top: 0,
  left: 0,
  right: 400,
  bottom: 400,
  width: 400,
  height: 400,
});
Object.defineProperty(Element.prototype, 'clientHeight', { value: 400 });
Object.defineProperty(Element.prototype, 'clientWidth', { value: 400 });
HTMLCanvasElement.prototype.getContext = () => ({ measureText: (text) => ({ width: text.length * 8 }) });
