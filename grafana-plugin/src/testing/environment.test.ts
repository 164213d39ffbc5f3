const html = `
  <div></div> <span></span> <ul><li></li></ul> <table><tbody><tr><td></td></tr></tbody></table> <details></details> <dialog></dialog>
  <dialog open></dialog> <p hidden></p> <input type="hidden" /> <ruby><rt></rt></ruby> <template></template>`;

test.each([
  ['div', 'block'],
  ['li', 'list-item'],
  ['td', 'table-cell'],
  ['details', 'block'],
  ['dialog:not([open])', 'none'],
  ['p', 'none'],
  ['input', 'none'],
  ['ruby > rt', 'block'],
  ['template', 'none'],
])('%s is drawn as browsers draw it: %s', (selector, display) => {
  document.body.innerHTML = html;
  expect(getComputedStyle(document.querySelector(selector)!).display).toBe(display);
});

test('rules of a page count for the elements that they name, by class, tag or both', () => {
  document.body.innerHTML =
    '<style>.off, b.low { display: none } ul > li:not(.on) { visibility: hidden }</style><i class="off"></i><b class="low"></b><b></b><ul><li></li><li class="on"></li></ul>';
  const styles = (tag: string) =>
    [...document.querySelectorAll(tag)].map((element) => getComputedStyle(element));
  expect(styles('i, b').map(({ display }) => display)).toEqual(['none', 'none', '']);
  expect(styles('li').map(({ visibility }) => visibility)).toEqual(['hidden', 'visible']);
});
