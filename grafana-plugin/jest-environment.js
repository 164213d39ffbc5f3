/**
 * jsdom as jest's environment, with one question asked first: whether an element has the tag that a selector ends with. jsdom tries each
 * of the browser's 120 rules against an element whenever its style is asked for, most of them of other tags. What matches stays the same.
 */
const selectors = require('jsdom/lib/jsdom/living/helpers/selectors');

const { matchesDontThrow } = selectors;
/** Tags by selector; undefined where an element of any tag may match. */
const known = new Map();

const lastOf = (part) =>
  part
    .trim()
    .split(/[\s>+~]+/)
    .at(-1);
const tagOf = (part) => /^[a-z][\w-]*/i.exec(lastOf(part))?.[0].toLowerCase();

/** The tags that an element must have one of to match a selector. */
function tagsOf(selector) {
  const bare = selector.replace(/\[[^\]]*\]/g, '').replace(/\([^()]*\)/g, '');
  // A name with a namespace, or brackets within brackets.
  if (/[|()[\]"'\\]/.test(bare)) {
    return undefined;
  }
  const tags = bare.split(',').map(tagOf);
  return tags.includes(undefined) ? undefined : new Set(tags);
}

selectors.matchesDontThrow = (element, selector) => {
  if (!known.has(selector)) {
    known.set(selector, tagsOf(selector));
  }
  const tags = known.get(selector);
  return (
    (tags === undefined || tags.has(element._localName.toLowerCase())) && matchesDontThrow(element, selector)
  );
};

// It takes the functions of its modules when it is loaded.
module.exports = require('jest-environment-jsdom');
